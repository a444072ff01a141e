import { pad, reshape, slice, tidy, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core';
import { requireRange, type Epilogue } from '@tfjs-sparse/core';
import { requireFloats } from '../matmul/operands.js';
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
  return tidy(() => {
    const pixels = down > 1 || right > 1 ? everyPixel(x, down, right) : x;
    return multiplyLastAxis('sparseConv1x1', pixels, values, pattern, options) as Tensor4D;
  });
}

/** x[:, ::down, ::right] of pads, reshapes and slices, which have gradients; tfjs' stridedSlice has none. */
function everyPixel(x: Tensor4D, down: number, right: number): Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const [tall, wide] = [Math.ceil(height / down), Math.ceil(width / right)];
  const padded = pad(x, [
    [0, 0],
    [0, tall * down - height],
    [0, wide * right - width],
    [0, 0],
  ]);
  const rows = slice(reshape(padded, [batch, tall, down, wide * right * channels]), 0, [batch, tall, 1, -1]);
  return slice(reshape(rows, [batch, tall, wide, right * channels]), 0, [batch, tall, wide, channels]) as Tensor4D;
}
