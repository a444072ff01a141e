import type { Tensor } from '@tensorflow/tfjs-core';
import { requireRange, requireType, runOp } from '@tfjs-sparse/core';
import { topKOp } from './definition.js';

export interface TopKOptions {
  /** How many of each row, 0 to its width. */
  readonly k: number;
}

export interface TopKResult {
  /** float32 `[..., k]`, the greatest first. */
  readonly values: Tensor;
  /** int32 `[..., k]`: their places in the rows. */
  readonly indices: Tensor;
}

/**
 * The k greatest values of each row. Of equal values the one with the lower index comes first, -0 equals 0, and a NaN is
 * greater than any number (as in torch.topk). Gradients of `values` go back to where these came from.
 *
 * @param x float32 `[..., width]`
 * @returns `[..., k]` each: the values in descending order, and their places
 * @throws RangeError where k is no integer from 0 to the width, or x has no axis; TypeError for other than float32
 */
export function topK(x: Tensor, { k }: TopKOptions): TopKResult {
  requireType(x.dtype === 'float32', 'topK', 'x must be float32', x.dtype);
  requireRange(x.rank >= 1, 'topK', 'x must have at least 1 axis', x.rank);
  const width = x.shape[x.rank - 1];
  const isCount = Number.isInteger(k) && k >= 0 && k <= width;
  requireRange(isCount, 'topK', `k must be an integer from 0 to ${width} (the last axis of x)`, k);
  return runOp(topKOp, { x }, { k, width });
}
