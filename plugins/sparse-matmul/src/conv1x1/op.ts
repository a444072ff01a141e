import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { requireRange, type Epilogue } from '@tfjs-sparse/core';
import { sparseConv2D } from '../conv2d/op.js';
import { requireFloats, requireOperands } from '../matmul/operands.js';
import type { SparsityPattern } from '../pattern/sparsity-pattern.js';
import { multiplyLastAxis } from '../sparse-matmul/op.js';

export interface SparseConv1x1Options extends Epilogue<Tensor4D> {
  /** Along height and width, or for both; default 1. */
  readonly strides?: number | readonly [height: number, width: number];
}

/**
 * 1 x 1 convolution with sparse weights on images in NHWC; no transposed copy of the image is made. (The 1 x 1
 * convolutions of Elsen et al., Fast Sparse ConvNets, 2020.)
 *
 * @param x       `[batch, height, width, inChannels]`
 * @param values  `[blocks, blockOutputs]` the kept weights of the filter `[1, 1, inChannels, outChannels]`
 * @param pattern where they are
 * @returns       `[batch, ceil(height / strides), ceil(width / strides), outChannels]`; gradients go to all tensors
 * @throws RangeError where shapes do not fit the pattern
 */
export function sparseConv1x1(
  x: Tensor4D,
  values: Tensor2D,
  pattern: SparsityPattern,
  { strides = 1, ...options }: SparseConv1x1Options = {},
): Tensor4D {
  requireRange(x.rank === 4, 'sparseConv1x1', 'x must have 4 axes (batch, height, width, channels)', x.rank);
  requireFloats('sparseConv1x1', { x, values });
  const [down, right] = typeof strides === 'number' ? [strides, strides] : strides;
  const isWhole = Number.isInteger(down) && Number.isInteger(right) && down >= 1 && right >= 1;
  requireRange(isWhole, 'sparseConv1x1', 'strides must be whole numbers of at least 1', [down, right]);
  if (down === 1 && right === 1) return multiplyLastAxis('sparseConv1x1', x, values, pattern, options) as Tensor4D;
  const [batch, height, width] = x.shape;
  const shape = [batch, Math.ceil(height / down), Math.ceil(width / right), pattern.outFeatures];
  requireOperands('sparseConv1x1', x, values, pattern, options, shape);
  return sparseConv2D(x, values, pattern, { ...options, kernelSize: 1, strides });
}
