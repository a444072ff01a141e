import { nOfMMask, requireNOfM, type NOfM } from '../masks/n-of-m.js';
import type { ForwardWeight, SparsityMethod, TrainingState } from './sparsity-method.js';

export interface NMPruningOptions extends NOfM {
  /** How pruned weights learn, such as `srSte()`; without it they are 0 for good and the first masks stay (ASP). */
  readonly forward?: ForwardWeight;
}

/**
 * Keeps `n` of each `m` consecutive inputs of an output. With `forward` the dense weights go on learning, layers compute
 * with the masked ones, and masks follow the weights after every step.
 */
export function nmPruning({ forward, ...pattern }: NMPruningOptions): SparsityMethod {
  requireNOfM(pattern);
  const prune = async ({ weights }: TrainingState): Promise<void> => {
    for (const weight of weights) weight.setMask(nOfMMask(await weight.values(), weight.layout, pattern));
  };
  return { begin: prune, update: async (state) => (forward ? prune(state) : undefined), forward };
}
