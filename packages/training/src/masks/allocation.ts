import { requireRange } from '@tfjs-sparse/core';

/** Sparsity of each layer, given the kernels' shapes `[...window, inputs, outputs]`. */
export type Allocation = (shapes: readonly (readonly number[])[]) => number[];

export interface ErdosRenyiOptions {
  /** Sparsities of single layers, by their place in the list, that are set and do not count. */
  readonly fixed?: ReadonlyMap<number, number>;
  /** To which power densities are raised before they are scaled; default 1 (`erk_power_scale` of google-research/rigl). */
  readonly powerScale?: number;
}

/** The same sparsity everywhere. */
export function uniform(sparsity: number): Allocation {
  requireSparsity(sparsity);
  return (shapes) => shapes.map(() => sparsity);
}

/** Erdős–Rényi (SET, Mocanu et al. 2018): density in proportion to (inputs + outputs) / (inputs * outputs). */
export function erdosRenyi(sparsity: number, options: ErdosRenyiOptions = {}): Allocation {
  return scaledDensities(sparsity, options, (shape) => {
    const [inputs, outputs] = shape.slice(-2);
    return (inputs + outputs) / (inputs * outputs);
  });
}

/** Erdős–Rényi-Kernel (RigL, Evci et al. 2020): the window's axes count too. */
export function erdosRenyiKernel(sparsity: number, options: ErdosRenyiOptions = {}): Allocation {
  return scaledDensities(sparsity, options, (shape) => shape.reduce((sum, axis) => sum + axis, 0) / sizeOf(shape));
}

/** Scales `density` so that the whole has the given sparsity; layers that would be more than dense are made dense. */
function scaledDensities(
  sparsity: number,
  { fixed = new Map(), powerScale = 1 }: ErdosRenyiOptions,
  unscaled: (shape: readonly number[]) => number,
): Allocation {
  requireSparsity(sparsity);
  requireRange(Number.isFinite(powerScale), 'allocation', 'powerScale must be finite', powerScale);
  const density = (shape: readonly number[]) => unscaled(shape) ** powerScale;
  return (shapes) => {
    const dense = new Set<number>();
    for (;;) {
      const isScaled = shapes.map((_, i) => !fixed.has(i) && !dense.has(i));
      let room = 0;
      let scaled = 0;
      let highest = 0;
      shapes.forEach((shape, i) => {
        const pruned = prunedCount(sizeOf(shape), sparsity);
        if (dense.has(i)) room -= pruned;
        if (!isScaled[i]) return;
        room += sizeOf(shape) - pruned;
        scaled += density(shape) * sizeOf(shape);
        highest = Math.max(highest, density(shape));
      });
      const epsilon = scaled === 0 ? 0 : room / scaled;
      if (highest * epsilon <= 1)
        return shapes.map((shape, i) => {
          if (isScaled[i]) return 1 - epsilon * density(shape);
          return fixed.get(i) ?? 0;
        });
      shapes.forEach((shape, i) => {
        if (isScaled[i] && density(shape) === highest) dense.add(i);
      });
    }
  };
}

/** How many weights google-research/rigl prunes: rounded down, where torch rounds to the nearest. */
export function prunedCount(size: number, sparsity: number): number {
  return Math.floor(sparsity * size);
}

function requireSparsity(sparsity: number): void {
  requireRange(sparsity >= 0 && sparsity <= 1, 'allocation', 'sparsity must be in [0, 1]', sparsity);
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, axis) => product * axis, 1);
}
