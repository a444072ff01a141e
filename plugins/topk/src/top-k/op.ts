import type { Tensor } from '@tensorflow/tfjs-core';
import { int32Array, requireRange, requireType, runOp } from '@tfjs-sparse/core';
import type { KSparse } from '../k-sparse/k-sparse.js';
import { rowsOf } from '../k-sparse/rows-of.js';
import { topKOp } from './definition.js';

export interface TopKOptions {
  /** How many of each row, 0 to its width: one number, or one for each row. */
  readonly k: number | ArrayLike<number>;
}

/**
 * The k greatest values of each row. Of equal values the one with the lower index comes first, -0 equals 0, and a NaN is
 * greater than any number (as in torch.topk). Gradients of `values` go back to where these came from.
 *
 * @param x float32 `[..., width]`
 * @returns `[..., k]` each: the values in descending order, and their places; where each row has its own k, that of the
 *          greatest, and shorter rows are filled up with the value 0 and the index -1
 * @throws RangeError where k is no integer from 0 to the width, there are not as many of them as rows, or x has no axis;
 *         TypeError for other than float32
 */
export function topK(x: Tensor, { k }: TopKOptions): KSparse {
  requireRows('topK', x);
  const width = x.shape[x.rank - 1];
  if (typeof k === 'number') {
    requireCount('topK', k, width);
    return runOp(topKOp, { x }, { k, counts: null, width });
  }
  const counts = int32Array('topK', 'k', k).slice();
  const rows = rowsOf(x.shape);
  requireRange(
    counts.length === rows,
    'topK',
    `k must be one number or ${rows} (one for each row of x)`,
    counts.length,
  );
  for (const count of counts) requireCount('topK', count, width);
  return runOp(topKOp, { x }, { k: counts.reduce((most, count) => Math.max(most, count), 0), counts, width });
}

/** @throws RangeError without axes, TypeError for other than float32 */
export function requireRows(op: string, x: Tensor): void {
  requireType(x.dtype === 'float32', op, 'x must be float32', x.dtype);
  requireRange(x.rank >= 1, op, 'x must have at least 1 axis', x.rank);
}

function requireCount(op: string, k: number, width: number): void {
  const isCount = Number.isInteger(k) && k >= 0 && k <= width;
  requireRange(isCount, op, `k must be an integer from 0 to ${width} (the last axis of x)`, k);
}
