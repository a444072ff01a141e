import { tidy, zeros, type Tensor1D, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core';
import { runFused, type Epilogue, type FusedActivation } from '@tfjs-sparse/core';
import { sparseConv1x1 } from '../conv1x1/op.js';
import { depthwiseConv2D, depthwiseGeometry } from '../depthwise-conv2d/op.js';
import { isThreeByThree } from '../depthwise-conv2d/wasm.js';
import type { Padding } from '../image-geometry.js';
import { requireOperands } from '../matmul/operands.js';
import type { SparsityPattern } from '../pattern/sparsity-pattern.js';
import { separableConv2DOps } from './definition.js';

/** `bias`, `residual` and `activation` are those of the 1 x 1 convolution. */
export interface SparseSeparableConv2DOptions extends Epilogue<Tensor4D> {
  /** Of the depthwise convolution; default 1. */
  readonly strides?: number | [height: number, width: number];
  /** Of the depthwise convolution; default 'valid'. */
  readonly padding?: Padding;
  /** `[inChannels]`, added between the convolutions; default none. */
  readonly filterBias?: Tensor1D;
  /** Between the convolutions; default linear. */
  readonly filterActivation?: FusedActivation;
}

const name = 'sparseSeparableConv2D';
const roles = { bias: 'filterBias', activation: 'filterActivation' } as const;

/**
 * `sparseConv1x1(depthwiseConv2D(x))`, the block of a MobileNet. With 3 x 3 filters, channels in fours and blocks of less
 * than 8 outputs the wasm kernel passes tiles of pixels from one to the other, in the layout that sparse weights meet,
 * and no image lies between them.
 *
 * @param x       `[batch, height, width, inChannels]`
 * @param filter  `[filterHeight, filterWidth, inChannels, 1]`
 * @param values  `[blocks, blockOutputs]` the kept weights of the 1 x 1 convolution
 * @param pattern where they are
 * @returns       `[batch, outHeight, outWidth, outChannels]`; gradients go to all tensors
 * @throws RangeError or TypeError for other shapes and types
 */
export function sparseSeparableConv2D(
  x: Tensor4D,
  filter: Tensor4D,
  values: Tensor2D,
  pattern: SparsityPattern,
  options: SparseSeparableConv2DOptions = {},
): Tensor4D {
  const { strides, padding, filterBias, filterActivation = 'linear', ...epilogue } = options;
  const depthwise = { strides, padding, bias: filterBias, activation: filterActivation };
  const geometry = depthwiseGeometry(name, x, filter, depthwise, roles);
  const { batch, outHeight, outWidth } = geometry;
  requireOperands(name, x, values, pattern, epilogue, [batch, outHeight, outWidth, pattern.outFeatures]);
  const isTiled = isThreeByThree(geometry, x.shape[3]) && pattern.blockOutputs < 8;
  return tidy(() => {
    if (!isTiled || x.size === 0)
      return sparseConv1x1(depthwiseConv2D(x, filter, depthwise), values, pattern, epilogue);
    const { bias, residual, activation = 'linear' } = epilogue;
    const inputs = { x, filter, filterBias: filterBias ?? zeros([x.shape[3]]), values, bias, residual };
    const attrs = { depthwise: { geometry, activation: filterActivation }, pattern, activation };
    return runFused(separableConv2DOps, inputs, attrs) as Tensor4D;
  });
}
