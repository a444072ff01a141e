import { cast, fill, greaterEqual, less, neg, topk, where, type Tensor } from '@tensorflow/tfjs-core';

const beyond = 2 ** 24; // above every index: float32 has all integers up to it

/**
 * Indices of the last axis in ascending order, the negative ones, which stand for none, behind them as -1.
 *
 * @param indices int32, below 2^24
 * @returns       int32 in the same shape
 */
export function ascending<T extends Tensor>(indices: T): T {
  const width = indices.shape[indices.rank - 1];
  if (width === 0) return indices;
  const isOne = greaterEqual(indices, 0);
  const keys = where(isOne, cast(indices, 'float32'), fill(indices.shape, beyond));
  const sorted = neg(topk(neg(keys), width).values);
  return where(less(sorted, beyond), cast(sorted, 'int32'), fill(indices.shape, -1, 'int32')) as T;
}
