import { add, fill, less, matMul, reshape, tidy, topk, where, type Tensor4D } from '@tensorflow/tfjs-core';
import { requireRange, stopGradient } from '@tfjs-sparse/core';
import { requireSequences } from '../block-sparse-attention/op.js';
import { ascending } from '../kept-tokens/ascending.js';
import { blockMeans } from '../select-blocks/block-means.js';
import { causalTerms, hidden } from '../select-blocks/causal-terms.js';
import { blockSizes, type SelectedBlockAttentionOptions } from '../selected-block-attention/op.js';
import { leastTop } from './top-for-sparsity.js';

export interface BlockTopKOptions {
  readonly blockSize: SelectedBlockAttentionOptions['blockSize'];
  /** Blocks of keys for each block of queries, the three that always count included. `topForSparsity` gives it. */
  readonly top: number;
}

/**
 * Causal block-sparse prefilling (the block pattern of MInference, "Block-Sparse" of The Sparse Frontier): of the blocks of
 * keys up to its own, each block of queries sees the first, its own, the one before, and those with the greatest products
 * of mean query and mean key. Every head of queries has lists of its own; `selectBlocks` makes one for heads that share keys.
 *
 * @param q `[batches, heads, queries, channels]`
 * @param k `[batches, keyHeads, keys, channels]`; the last query is at the last key
 * @returns int32 `[batches, heads, ceil(queries / blockSize.queries), top]` for causal `selectedBlockAttention`: ascending,
 *   -1 behind them where there are fewer blocks. Without gradient.
 * @throws RangeError where q and k do not fit each other, or top is not from 3 (or all blocks) to the blocks of keys
 */
export function blockTopK(q: Tensor4D, k: Tensor4D, { blockSize, top }: BlockTopKOptions): Tensor4D {
  requireSequences(op, q, k, k);
  const size = blockSizes(op, blockSize);
  const [batches, heads, queries, channels] = q.shape;
  const [, keyHeads, keys] = k.shape;
  const rows = Math.ceil(queries / size.queries);
  const count = Math.ceil(keys / size.keys);
  const least = Math.min(leastTop, count);
  const isCount = Number.isInteger(top) && top >= Math.max(least, 1) && top <= count;
  requireRange(isCount, op, `top must be an integer from ${least} to ${count} (blocks of keys)`, top);
  return tidy(() => {
    const means = reshape(blockMeans(q, size.queries), [batches, keyHeads, (heads / keyHeads) * rows, channels]);
    const scores = matMul(means, blockMeans(k, size.keys), false, true);
    const terms = causalTerms(rows, count, size, keys - queries);
    const { values, indices } = topk(add(reshape(scores, [batches, heads, rows, count]), terms), top);
    const past = where(less(values, -hidden / 2), fill(indices.shape, -1, 'int32'), indices);
    return stopGradient(ascending(past as Tensor4D));
  });
}

const op = 'blockTopK';
