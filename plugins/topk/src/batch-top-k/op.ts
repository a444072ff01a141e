import { tidy, reshape, type Tensor } from '@tensorflow/tfjs-core';
import { requireRange, runOp } from '@tfjs-sparse/core';
import type { KSparse } from '../k-sparse/k-sparse.js';
import { rowsOf } from '../k-sparse/rows-of.js';
import { requireRows } from '../top-k/op.js';
import { batchTopKOp } from './definition.js';

export interface BatchTopKOptions {
  /** How many of each row on average, from 0 to its width; rows * k is rounded down. */
  readonly k: number;
}

const mostElements = 2 ** 31 - 1; // an index is 32 bits wide

/**
 * The rows * k greatest values of all rows together: BatchTopK (Bussmann et al. 2024), the Mutual Choice of Ayonrinde 2024.
 * A row has as many as it has. Of equal values the one of the lower row, and in it of the lower index, is kept, -0 equals 0,
 * and a NaN is greater than any number. Gradients of `values` go back to where these came from.
 *
 * @param x float32 `[..., width]`
 * @returns `[rows * k]` each: the values and their places in the flattened x, row * width + index, which ascend; what
 *          `sparseDecode` takes with `rows`
 * @throws RangeError where k is no number from 0 to the width, x has no axis or 2^31 elements and more; TypeError for other
 *         than float32
 */
export function batchTopK(x: Tensor, { k }: BatchTopKOptions): KSparse {
  requireRows('batchTopK', x);
  const width = x.shape[x.rank - 1];
  requireRange(k >= 0 && k <= width, 'batchTopK', `k must be from 0 to ${width} (the last axis of x)`, k);
  requireRange(x.size <= mostElements, 'batchTopK', `x must have at most ${mostElements} elements`, x.size);
  const count = Math.floor(rowsOf(x.shape) * k);
  return tidy(() => {
    const { values, indices } = runOp(batchTopKOp, { x: reshape(x, [x.size]) }, { count, elements: x.size });
    return { values, indices };
  });
}
