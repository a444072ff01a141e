import * as tf from '@tensorflow/tfjs-core';
import { requireRange, stopGradient } from '@tfjs-sparse/core';
import { requireSequences } from '../block-sparse-attention/op.js';
import { blockSizes, type SelectedBlockAttentionOptions } from '../selected-block-attention/op.js';
import { blockMeans } from './block-means.js';
import { causalTerms, hidden } from './causal-terms.js';

export interface SelectBlocksOptions {
  readonly blockSize: SelectedBlockAttentionOptions['blockSize'];
  /** Blocks of keys for each block of queries. */
  readonly top: number;
  /** Whether only blocks count that begin before the block of queries ends; the first and the last two always do then. */
  readonly causal?: boolean;
}

/**
 * The blocks of keys that each block of queries is likely to attend to most, by the product of their means (MoBA, NSA and
 * the block selection of sparse prefilling): for `selectedBlockAttention`. Heads that share keys share a list.
 *
 * @param q `[batches, heads, queries, channels]`
 * @param k `[batches, keyHeads, keys, channels]`
 * @returns int32 `[batches, keyHeads, ceil(queries / blockSize.queries), top]`; -1 beyond the blocks that count. Without
 *   gradient.
 */
export function selectBlocks(
  q: tf.Tensor4D,
  k: tf.Tensor4D,
  { blockSize, top, causal = false }: SelectBlocksOptions,
): tf.Tensor4D {
  requireSequences(op, q, k, k);
  const size = blockSizes(op, blockSize);
  const [batches, heads, queries, channels] = q.shape;
  const [, keyHeads, keys] = k.shape;
  const count = Math.ceil(keys / size.keys);
  const isCount = Number.isInteger(top) && top >= 1 && top <= count;
  requireRange(isCount, op, `top must be an integer from 1 to ${count} (blocks of keys)`, top);
  const rows = Math.ceil(queries / size.queries);
  return tf.tidy(() => {
    const grouped = [batches, keyHeads, heads / keyHeads, rows, channels];
    const ofHeads = tf.mean(tf.reshape(blockMeans(q, size.queries), grouped), 2);
    const scores = tf.matMul(ofHeads, blockMeans(k, size.keys), false, true);
    const limited = causal ? tf.add(scores, causalTerms(rows, count, size, keys - queries)) : scores;
    const { values, indices } = tf.topk(limited, top);
    const chosen = tf.where(tf.less(values, -hidden / 2), tf.fill(indices.shape, -1, 'int32'), indices);
    return stopGradient(chosen as tf.Tensor4D);
  });
}

const op = 'selectBlocks';
