import { reshape, tidy, zeros, type Tensor1D, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core';
import { runOp, type OpDefinition } from '@tfjs-sparse/core';
import { sparseConv1x1 } from '../conv1x1/op.js';
import {
  activatedDepthwiseConv2DOp,
  depthwiseConv2D,
  depthwiseConv2DOp,
  depthwiseGeometry,
  type DepthwiseConv2DAttrs,
} from '../depthwise-conv2d/op.js';
import { isThreeByThree } from '../depthwise-conv2d/wasm.js';
import type { Padding } from '../image-geometry.js';
import type { FusedActivation } from '../matmul/activation.js';
import { clampedPatternMatMulOp, patternMatMulOp } from '../matmul/op.js';
import { requireOperands } from '../matmul/operands.js';
import { patternMatMulTables } from '../matmul/webgpu.js';
import type { SparsityPattern } from '../pattern/sparsity-pattern.js';
import type { SparseMatMulOptions } from '../sparse-matmul/op.js';
import { separableConv2DCpu } from './cpu.js';
import { separableConv2DWasm } from './wasm.js';
import { separableConv2DWebgpu } from './webgpu.js';

/** `bias` and `activation` are those of the 1 x 1 convolution. */
export interface SparseSeparableConv2DOptions extends SparseMatMulOptions {
  /** Of the depthwise convolution; default 1. */
  readonly strides?: number | [height: number, width: number];
  /** Of the depthwise convolution; default 'valid'. */
  readonly padding?: Padding;
  /** `[inChannels]`, added between the convolutions; default none. */
  readonly filterBias?: Tensor1D;
  /** Between the convolutions; default linear. */
  readonly filterActivation?: FusedActivation;
}

export type SeparableInput = 'x' | 'filter' | 'filterBias' | 'values' | 'bias';

export interface SeparableConv2DAttrs {
  readonly depthwise: DepthwiseConv2DAttrs;
  readonly pattern: SparsityPattern;
  readonly activation: FusedActivation;
}

const name = 'sparseSeparableConv2D';

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
  const { strides, padding, filterBias, filterActivation = 'linear', bias, activation = 'linear' } = options;
  const depthwise = { strides, padding, bias: filterBias, activation: filterActivation };
  const geometry = depthwiseGeometry(name, x, filter, depthwise);
  requireOperands(name, x, values, pattern, bias, activation);

  return tidy(() => {
    const isTiled = isThreeByThree(geometry, x.shape[3]) && pattern.blockOutputs < 8;
    if (!isTiled || x.size === 0) {
      return sparseConv1x1(depthwiseConv2D(x, filter, depthwise), values, pattern, { bias, activation });
    }
    const biases = { filterBias: filterBias ?? zeros([x.shape[3]]), bias: bias ?? zeros([pattern.outFeatures]) };
    const attrs = { depthwise: { geometry, activation: filterActivation }, pattern, activation };
    return runOp(separableConv2DOp, { x, filter, values, ...biases }, attrs) as Tensor4D;
  });
}

/** Its biases are always given. */
export const separableConv2DOp: OpDefinition<SeparableInput, SeparableConv2DAttrs> = {
  name: 'SparseSeparableConv2D',
  kernels: { cpu: separableConv2DCpu, wasm: separableConv2DWasm, webgpu: separableConv2DWebgpu },
  gradient: {
    save: ['x', 'filter', 'filterBias', 'values'],
    saveOutput: true,
    gradients: (dy, [x, filter, filterBias, values, y], { depthwise, ...product }) => {
      // The image between the convolutions is made again: both gradients need it.
      const image = runOp(depthwiseConv2DOp, { x, filter, bias: filterBias }, depthwise);
      const [dy2D, image2D, y2D] = [dy, image, y].map((tensor) => reshape(tensor, [-1, tensor.shape[3]!]));
      const productOp = product.activation === 'linear' ? patternMatMulOp : clampedPatternMatMulOp;
      const ofProduct = productOp.gradient!.gradients(dy2D, [image2D, values, y2D], product);
      const dImage = reshape(ofProduct.x!(), image.shape);
      const imageOp = depthwise.activation === 'linear' ? depthwiseConv2DOp : activatedDepthwiseConv2DOp;
      const ofImage = imageOp.gradient!.gradients(dImage, [x, filter, image], depthwise);
      return {
        x: ofImage.x,
        filter: ofImage.filter,
        filterBias: ofImage.bias,
        values: ofProduct.values,
        bias: ofProduct.bias,
      };
    },
  },
  tables: patternMatMulTables,
};
