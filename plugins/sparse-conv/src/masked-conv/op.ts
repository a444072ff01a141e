import { reshape, tidy, type Rank, type Tensor4D } from '@tensorflow/tfjs-core';
import { requireEpilogue, requireRange, requireReadable, requireType, type Epilogue } from '@tfjs-sparse/core';
import { perAxis, type PerAxis } from '../convolution-arguments.js';
import { fromDense, toDense } from '../dense/op.js';
import { sparseConv } from '../sparse-conv/op.js';
import type { PatchMask } from './patch-mask.js';

/** A residual has the shape of the output; only its visible pixels are read. */
export interface MaskedConvOptions extends Epilogue<Tensor4D> {
  /** Default 1. */
  readonly strides?: PerAxis;
  /** Zeros around the image, as PyTorch counts them; default half of the kernel, rounded down. */
  readonly padding?: PerAxis;
  /** Default 1. */
  readonly dilation?: PerAxis;
}

/**
 * Convolution of images of which only some patches are visible: `activation(conv2d(x * mask) + bias + residual) * mask`,
 * computed at visible pixels only. Gradients flow to visible pixels of x and residual, to filter and bias. (SparK, Tian et
 * al. 2023, its SparseConv2d: the dense convolution times the mask.)
 *
 * @param x       `[images, height, width, inChannels]`, float32
 * @param filter  `[kernel rows, kernel columns, inChannels, outChannels]`, as tf.conv2d
 * @param mask    visible patches; they must divide the image, before and after
 * @returns       `[images, out height, out width, outChannels]`, 0 at pixels that are not visible
 * @throws RangeError when a shape does not match, TypeError for other than float32
 */
export function maskedConv2D(
  x: Tensor4D,
  filter: Tensor4D,
  mask: PatchMask,
  options: MaskedConvOptions = {},
): Tensor4D {
  const op = 'maskedConv2D';
  requireRange(
    x.rank === 4 && x.shape[0] === mask.shape[0],
    op,
    `x must have shape [${mask.shape[0]}, height, width, channels] (images as the mask)`,
    x.shape,
  );
  requireRange(
    filter.rank === 4 && filter.shape[2] === x.shape[3],
    op,
    `filter must have shape [rows, columns, ${x.shape[3]}, outChannels] (channels as x)`,
    filter.shape,
  );
  for (const [name, tensor] of Object.entries({ x, filter })) {
    requireType(tensor.dtype === 'float32', op, `${name} must be float32`, tensor.dtype);
    requireReadable(op, name, tensor);
  }
  const [rows, columns, inChannels, outChannels] = filter.shape;
  const kernelSize = [rows, columns];
  const strides = perAxis(op, 'strides', options.strides ?? 1, 2, 1);
  const dilation = perAxis(op, 'dilation', options.dilation ?? 1, 2, 1);
  const padding = perAxis(op, 'padding', options.padding ?? kernelSize.map((size) => size >> 1), 2, 0);
  const [height, width] = [0, 1].map((axis) => {
    const free = x.shape[1 + axis] + 2 * padding[axis] - dilation[axis] * (kernelSize[axis] - 1) - 1;
    requireRange(free >= 0, op, 'filter must fit the padded image', filter.shape);
    return Math.floor(free / strides[axis]) + 1;
  });
  const { bias, residual, activation } = options;
  requireEpilogue(op, options, [x.shape[0], height, width, outChannels]);
  return tidy(() => {
    const visible = fromDense(x, mask.pixels(op, x.shape[1], x.shape[2]));
    const target = mask.pixels(op, height, width, strides);
    const weights = reshape<Rank.R3>(filter, [rows * columns, inChannels, outChannels]);
    const geometry = { kernelSize, strides, padding, dilation };
    const epilogue = { bias, residual: residual && fromDense(residual, target).features, activation };
    return toDense(sparseConv(visible, weights, { ...geometry, ...epilogue, target })) as Tensor4D;
  });
}
