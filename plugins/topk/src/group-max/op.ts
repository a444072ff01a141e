import { tidy, add, range, reshape, type Tensor } from '@tensorflow/tfjs-core';
import { requireRange } from '@tfjs-sparse/core';
import type { KSparse } from '../k-sparse/k-sparse.js';
import { requireRows, topK } from '../top-k/op.js';

export interface GroupMaxOptions {
  /** Groups of a row, each of width / k consecutive values. */
  readonly k: number;
}

/**
 * The greatest value of each of k groups of consecutive features (the `groupmax` activation of EleutherAI/sparsify). Ties
 * and NaN as in `topK`.
 *
 * @param x float32 `[..., width]`
 * @returns `[..., k]` each: the values and their places in the row, which ascend
 * @throws RangeError unless k is an integer from 1 that divides the width; TypeError for other than float32
 */
export function groupMax(x: Tensor, { k }: GroupMaxOptions): KSparse {
  requireRows('groupMax', x);
  const width = x.shape[x.rank - 1];
  const isDivisor = Number.isInteger(k) && k >= 1 && width % k === 0 && width > 0;
  requireRange(isDivisor, 'groupMax', `k must be a divisor of ${width} (the last axis of x)`, k);
  const shape = [...x.shape.slice(0, -1), k];
  return tidy(() => {
    const { values, indices } = topK(reshape(x, [...shape, width / k]), { k: 1 });
    const starts = range(0, width, width / k, 'int32');
    return { values: reshape(values, shape), indices: add(reshape(indices, shape), starts) };
  });
}
