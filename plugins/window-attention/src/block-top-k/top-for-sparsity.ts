import { requireRange } from '@tfjs-sparse/core';

/** Blocks that always count: the first, the own, the one before. */
export const leastTop = 3;

/**
 * The share of causal blocks that `blockTopK` leaves out where there are as many blocks of queries as of keys: rows with
 * fewer than `top` past blocks see all of them (The Sparse Frontier, Nawrot et al. 2025, block-sparse budget).
 */
export function sparsityOfTop(top: number, blocks: number): number {
  const seen = (top * (top + 1)) / 2 + (blocks - top) * top;
  return 1 - seen / ((blocks * (blocks + 1)) / 2);
}

/**
 * The `top` whose sparsity is nearest to the given one, at least 3; for `blockTopK`.
 *
 * @param sparsity share of the causal blocks that is left out, from 0 to below 1
 * @param blocks   of queries, and of keys
 * @throws RangeError for another sparsity, or blocks that are no integer of at least 1
 */
export function topForSparsity(sparsity: number, blocks: number): number {
  requireRange(sparsity >= 0 && sparsity < 1, 'topForSparsity', 'sparsity must be from 0 to below 1', sparsity);
  const isCount = Number.isInteger(blocks) && blocks >= 1;
  requireRange(isCount, 'topForSparsity', 'blocks must be an integer of at least 1', blocks);
  let [low, high] = [Math.min(leastTop, blocks), blocks]; // sparsity falls as top grows
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (sparsityOfTop(middle, blocks) > sparsity) low = middle + 1;
    else high = middle;
  }
  const fewer = low - 1;
  if (fewer < leastTop) return low;
  const isFewerNearer = sparsityOfTop(fewer, blocks) - sparsity < sparsity - sparsityOfTop(low, blocks);
  return isFewerNearer ? fewer : low;
}
