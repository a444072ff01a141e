import { requireRange, shuffled } from '@tfjs-sparse/core';
import { prunedCount } from './allocation.js';
import type { Mask } from './keep-largest.js';

/**
 * A mask that keeps random weights, as google-research/rigl begins: `floor(sparsity * size)` are pruned.
 *
 * @param random a generator of numbers in [0, 1), such as `seededRandom(seed)`
 */
export function randomMask(size: number, sparsity: number, random: () => number): Mask {
  requireRange(sparsity >= 0 && sparsity <= 1, 'randomMask', 'sparsity must be in [0, 1]', sparsity);
  const kept = size - prunedCount(size, sparsity);
  return keepMore(new Uint8Array(size), kept, random);
}

/** Keeps `count` more weights, random ones of those that `mask` prunes. */
export function keepMore(mask: Mask, count: number, random: () => number): Mask {
  const pruned = Array.from(mask.keys()).filter((i) => mask[i] === 0);
  requireRange(count <= pruned.length, 'keepMore', `count must be at most ${pruned.length}`, count);
  const kept = mask.slice();
  for (const i of shuffled(pruned, random).slice(0, count)) kept[i] = 1;
  return kept;
}
