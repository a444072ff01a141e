import {
  concatenated,
  keepLargest,
  keptCount,
  keptWeights,
  magnitudes,
  type Mask,
  type Scores,
} from './keep-largest.js';

/** Prunes the share `sparsity` of one layer's weights, smallest |w| first (l1_unstructured of torch.nn.utils.prune). */
export function magnitudeMask(weights: Scores, sparsity: number): Mask {
  return keepLargest(magnitudes(weights), keptCount(weights.length, sparsity, 'magnitudeMask'), 'magnitudeMask');
}

/** Prunes the share `rate` of the weights that `mask` keeps, smallest |w| first (repeated pruning of the same package). */
export function pruneFurther(weights: Scores, mask: Mask, rate: number): Mask {
  const scores = magnitudes(weights).map((score, i) => (mask[i] === 1 ? score : -Infinity));
  return keepLargest(scores, keptCount(keptWeights(mask), rate, 'pruneFurther'), 'pruneFurther');
}

/** Prunes the share `sparsity` of all layers together, smallest |w| first (global_unstructured of torch.nn.utils.prune). */
export function globalMagnitudeMasks(layers: readonly Scores[], sparsity: number): Mask[] {
  const all = magnitudes(concatenated(layers));
  const mask = keepLargest(all, keptCount(all.length, sparsity, 'globalMagnitudeMasks'), 'globalMagnitudeMasks');
  let end = 0;
  return layers.map(({ length }) => mask.slice(end, (end += length)));
}
