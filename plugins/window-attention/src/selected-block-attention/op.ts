import type { Tensor4D } from '@tensorflow/tfjs-core';
import { requireRange, requireType, runOp } from '@tfjs-sparse/core';
import { requireSequences } from '../block-sparse-attention/op.js';
import { selectedBlockAttentionOp } from './definition.js';

export interface SelectedBlockAttentionOptions {
  /** Queries and keys of a block; the last ones may have fewer. */
  readonly blockSize: number | { readonly queries: number; readonly keys: number };
  /** Whether queries see only keys up to their own place, the last query at the last key; default false. */
  readonly causal?: boolean;
  /** What products of queries and keys are multiplied with; default 1 / sqrt(channels). */
  readonly scale?: number;
}

/**
 * blockSparseAttention whose blocks are chosen while a model runs, e.g. by `selectBlocks`: they come as a tensor, which
 * stays on the device (the selected branch of NSA, MoBA, SparseD, chunked prefill). A query without keys gets 0.
 *
 * @param q      `[batches, heads, queries, channels]`
 * @param k      `[batches, keyHeads, keys, channels]`; where keyHeads < heads, runs of heads share one (grouped queries)
 * @param v      `[batches, keyHeads, keys, valueChannels]`
 * @param blocks int32 `[batches, lists, ceil(queries / blockSize.queries), width]`: blocks of keys of each block of queries,
 *   different ones in any order, negative ones none; `lists` divides the heads, runs of which share one
 * @returns      `[batches, heads, queries, valueChannels]`
 * @throws RangeError or TypeError for operands that do not fit
 */
export function selectedBlockAttention(
  q: Tensor4D,
  k: Tensor4D,
  v: Tensor4D,
  blocks: Tensor4D,
  { blockSize, causal = false, scale: given }: SelectedBlockAttentionOptions,
): Tensor4D {
  requireSequences(op, q, k, v);
  const [batches, heads, queries, channels] = q.shape;
  const size = blockSizes(op, blockSize);
  requireType(blocks.dtype === 'int32', op, 'blocks must be int32', blocks.dtype);
  const rows = Math.ceil(queries / size.queries);
  const fits = blocks.rank === 4 && blocks.shape[0] === batches && blocks.shape[2] === rows;
  requireRange(fits, op, `blocks must be [${batches}, lists, ${rows}, width] (blocks of queries)`, blocks.shape);
  const lists = blocks.shape[1];
  requireRange(lists > 0 && heads % lists === 0, op, `the lists of blocks must divide the ${heads} heads of q`, lists);
  const scale = given ?? channels ** -0.5;
  requireRange(Number.isFinite(scale), op, 'scale must be a finite number', scale);
  const attrs = { queryBlock: size.queries, keyBlock: size.keys, isCausal: causal, scale };
  const { y, logSumExp } = runOp(selectedBlockAttentionOp, { q, k, v, blocks }, attrs);
  logSumExp.dispose();
  return y as Tensor4D;
}

const op = 'selectedBlockAttention';

/** @throws RangeError, in the name of `op` */
export function blockSizes(
  op: string,
  blockSize: SelectedBlockAttentionOptions['blockSize'],
): { readonly queries: number; readonly keys: number } {
  const size = typeof blockSize === 'number' ? { queries: blockSize, keys: blockSize } : blockSize;
  for (const each of [size.queries, size.keys]) {
    requireRange(Number.isInteger(each) && each >= 1, op, 'blockSize must be an integer of at least 1', each);
  }
  return size;
}
