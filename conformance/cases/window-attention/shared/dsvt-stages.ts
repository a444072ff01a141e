/** Stages of DSVT's backbone; maps have axes z, y, x. */
export interface DsvtAttrs {
  readonly heads: number;
  /** Of each stage, before the windows of every second block grow by `hybrid`. */
  readonly windowSizes: readonly (readonly number[])[];
  readonly hybrid: readonly number[];
  /** Of every second block, counted through all stages. */
  readonly shift: readonly number[];
  readonly setSize: number;
  /** Of each stage. */
  readonly blocks: readonly number[];
  /** Between stages. */
  readonly poolSizes: readonly (readonly number[])[];
}

/** Encoder layers of a block. */
export const layers = 2;

export const normEpsilon = 1e-5;

/** Of the position embedding of a layer. */
export const positionWeights = [
  'Inner',
  'InnerBias',
  'Mean',
  'Variance',
  'Scale',
  'Offset',
  'Outer',
  'OuterBias',
] as const;

/** Windows of a layer's sets and of its positions, which do not follow the shift of the block. */
export function windowsOf({ windowSizes, hybrid, shift }: DsvtAttrs, stage: number, isShifted: boolean) {
  const base = windowSizes[stage];
  if (!isShifted) return { windowSize: base, shift: base.map(() => 0) };
  return { windowSize: base.map((cells, axis) => cells * hybrid[axis]), shift };
}

/** Whether a block is the second of a pair. */
export function isSecond({ blocks: counts }: DsvtAttrs, stage: number, block: number): boolean {
  return counts.slice(0, stage).reduce((sum, count) => sum + count, block) % 2 === 1;
}

/** Axes that positions are of: x, y, and z unless windows are one cell high. */
export function positionAxes({ windowSizes }: DsvtAttrs, stage: number): number[] {
  return windowSizes[stage][0] === 1 ? [2, 1] : [2, 1, 0];
}
