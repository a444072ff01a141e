import type { Tensor4D } from '@tensorflow/tfjs-core';
import { requireRange, requireType, runOp } from '@tfjs-sparse/core';
import { AttentionMask } from '../attention-masks/attention-mask.js';
import { blockSparseAttentionOp } from './definition.js';

export interface BlockSparseAttentionOptions {
  /** What products of queries and keys are multiplied with; default 1 / sqrt(channels). */
  readonly scale?: number;
}

/**
 * Softmax attention of each query to the keys that a mask lets it see, and to no others: keys that no query near it sees
 * cost nothing, and NaN or Infinity in a key or value reaches only queries that see it. A query that sees no key gets 0.
 * Gradients compute scores again; they have no gradients of their own.
 *
 * @param q    `[batches, heads, queries, channels]`
 * @param k    `[batches, keyHeads, keys, channels]`; where keyHeads < heads, runs of heads share one (grouped queries)
 * @param v    `[batches, keyHeads, keys, valueChannels]`
 * @param mask the last query is at the last key where their numbers differ; keep it: what is made of it is kept with it
 * @returns    `[batches, heads, queries, valueChannels]`
 * @throws RangeError or TypeError for operands that do not fit
 */
export function blockSparseAttention(
  q: Tensor4D,
  k: Tensor4D,
  v: Tensor4D,
  mask: AttentionMask,
  { scale: given }: BlockSparseAttentionOptions = {},
): Tensor4D {
  requireSequences(op, q, k, v);
  const [batches, heads, queries, channels] = q.shape;
  requireType(mask instanceof AttentionMask, op, 'mask must be an AttentionMask (slidingWindow, …)', typeof mask);
  const fitsBatches = mask.batches === 1 || mask.batches === batches;
  requireRange(fitsBatches, op, `mask must be for 1 or ${batches} batches (as q)`, mask.batches);
  requireRange(heads % mask.heads === 0, op, `the heads of mask must divide the ${heads} heads of q`, mask.heads);
  mask.requireSizes(op, queries, k.shape[2]);
  const scale = given ?? channels ** -0.5;
  requireRange(Number.isFinite(scale), op, 'scale must be a finite number', scale);
  const { y, logSumExp } = runOp(blockSparseAttentionOp, { q, k, v }, { mask, queries, keys: k.shape[2], scale });
  logSumExp.dispose();
  return y as Tensor4D;
}

const op = 'blockSparseAttention';

/** @throws RangeError or TypeError, in the name of `op` */
export function requireSequences(op: string, q: Tensor4D, k: Tensor4D, v: Tensor4D): void {
  for (const [name, tensor] of Object.entries({ q, k, v })) {
    requireType(tensor.dtype === 'float32', op, `${name} must be float32`, tensor.dtype);
    requireRange(tensor.rank === 4, op, `${name} must be [batches, heads, tokens, channels]`, tensor.shape);
  }
  const [batches, heads, , channels] = q.shape;
  const [, keyHeads, keys] = k.shape;
  requireRange(channels > 0, op, 'q must have at least one channel', q.shape);
  const isLikeQ = k.shape[0] === batches && k.shape[3] === channels;
  requireRange(isLikeQ, op, `k must be [${batches}, keyHeads, keys, ${channels}] (as q)`, k.shape);
  const dividesHeads = keyHeads > 0 && heads % keyHeads === 0;
  requireRange(dividesHeads, op, `the heads of k must divide the ${heads} heads of q`, keyHeads);
  const isLikeK = v.shape[0] === batches && v.shape[1] === keyHeads && v.shape[2] === keys && v.shape[3] > 0;
  requireRange(isLikeK, op, `v must be [${batches}, ${keyHeads}, ${keys}, valueChannels] (as k)`, v.shape);
}
