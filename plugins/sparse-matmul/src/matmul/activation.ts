/** What an op may do to its sums in the same pass. */
export type FusedActivation = 'linear' | 'relu' | 'relu6';

const limits: Readonly<Record<FusedActivation, readonly [low: number, high: number]>> = {
  linear: [-Infinity, Infinity],
  relu: [0, Infinity],
  relu6: [0, 6],
};

export function isFusedActivation(name: string): name is FusedActivation {
  return Object.hasOwn(limits, name);
}

/** An activation as the range to which it clamps. */
export function limitsOf(activation: FusedActivation): readonly [low: number, high: number] {
  return limits[activation];
}
