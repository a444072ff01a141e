import { keepLargest, keptCount, magnitudes, type Mask, type Scores } from './keep-largest.js';

/** Prunes the share `sparsity` of one layer's weights, smallest |w| first (l1_unstructured of torch.nn.utils.prune). */
export function magnitudeMask(weights: Scores, sparsity: number): Mask {
  return keepLargest(magnitudes(weights), keptCount(weights.length, sparsity, 'magnitudeMask'), 'magnitudeMask');
}

/** Prunes the share `sparsity` of all layers together, smallest |w| first (global_unstructured of torch.nn.utils.prune). */
export function globalMagnitudeMasks(layers: readonly Scores[], sparsity: number): Mask[] {
  const size = layers.reduce((sum, { length }) => sum + length, 0);
  const all = new Float64Array(size);
  const starts: number[] = [];
  let end = 0;
  for (const weights of layers) {
    all.set(weights, end);
    starts.push(end);
    end += weights.length;
  }
  const kept = keptCount(size, sparsity, 'globalMagnitudeMasks');
  const mask = keepLargest(magnitudes(all), kept, 'globalMagnitudeMasks');
  return layers.map(({ length }, i) => mask.slice(starts[i], starts[i] + length));
}
