import { requireRange } from '@tfjs-sparse/core';
import { nOfMMask, requireNOfM, type NOfM } from '../masks/n-of-m.js';
import type { PatternStage } from '../schedules/pattern-stages.js';
import type { ForwardWeight, SparsityMethod, TrainingState } from './sparsity-method.js';

export interface NMPruningOptions extends NOfM {
  /**
   * How pruned weights go on learning, `srSte()` or `gradientFlow(...)`: layers compute with the masked weights, the dense
   * ones learn, and masks follow them after every step. Without it the first masks stay and pruned weights are 0 (ASP).
   */
  readonly forward?: ForwardWeight;
  /** Patterns on the way to `n` of `m`, such as `fineStages(...)`; dense before the first. Default: `n` of `m` at once. */
  readonly stages?: readonly PatternStage[];
}

/** Keeps `n` of each `m` consecutive inputs of an output, for kernels that compute with such patterns. */
export function nmPruning({ forward, stages, ...pattern }: NMPruningOptions): SparsityMethod {
  requireNOfM(pattern);
  stages?.forEach((stage) => requireNOfM({ ...pattern, ...stage }));
  const last = stages?.at(-1);
  const isReached = !last || (last.n === pattern.n && last.m === pattern.m);
  requireRange(
    isReached,
    'nmPruning',
    `the last stage must be ${pattern.n} of ${pattern.m}`,
    `${last?.n} of ${last?.m}`,
  );
  const stageAt = (step: number): NOfM | undefined =>
    stages ? stages.filter(({ begin }) => begin <= step).at(-1) : pattern;
  const prune = async ({ weights, step }: TrainingState): Promise<void> => {
    const stage = stageAt(step);
    if (!stage) return;
    for (const weight of weights)
      weight.setMask(nOfMMask(await weight.values(), weight.layout, { ...pattern, n: stage.n, m: stage.m }));
  };
  return {
    begin: prune,
    update: async (state) => {
      if (forward || stageAt(state.step) !== stageAt(state.step - 1)) await prune(state);
    },
    forward,
  };
}
