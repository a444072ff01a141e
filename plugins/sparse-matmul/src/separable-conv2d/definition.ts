import { reshape, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { clampGradient, columnSums, fusedOps, runFused } from '@tfjs-sparse/core';
import { depthwiseConv2DOps, depthwiseGradients } from '../depthwise-conv2d/definition.js';
import { sumGradients } from '../matmul/definition.js';
import { patternMatMulTables } from '../matmul/webgpu.js';
import type { SeparableConv2D } from './attributes.js';
import { separableConv2DCpu } from './cpu.js';
import { separableConv2DWasm } from './wasm.js';
import { separableConv2DWebgpu } from './webgpu.js';

export const separableConv2DOps = fusedOps<SeparableConv2D>({
  names: { linear: 'SparseSeparableConv2D', activated: 'SparseActivatedSeparableConv2D' },
  inputs: {
    x: 'float32',
    filter: 'float32',
    filterBias: 'float32',
    values: 'float32',
    bias: 'float32',
    residual: 'float32',
  },
  outputs: { y: 'float32' },
  kernels: { cpu: separableConv2DCpu, wasm: separableConv2DWasm, webgpu: separableConv2DWebgpu },
  gradient: {
    save: ['x', 'filter', 'filterBias', 'values'],
    gradients(dySums, { x, filter, filterBias, values }, { depthwise, pattern }) {
      // The image between the convolutions is made again: both gradients need it.
      const image = runFused(depthwiseConv2DOps, { x, filter, bias: filterBias }, depthwise);
      const { activation, geometry } = depthwise;
      const ofProduct = sumGradients(pixelsOf(dySums), pixelsOf(image), values, pattern);
      const dImage = reshape(ofProduct.x(), image.shape);
      const dImageSums = activation === 'linear' ? dImage : clampGradient(dImage, image, activation);
      return {
        ...depthwiseGradients(dImageSums, x, filter, geometry),
        filterBias: () => columnSums(pixelsOf(dImageSums)),
        values: ofProduct.values,
      };
    },
  },
  tables: patternMatMulTables,
});

/** An image as rows of channels. */
function pixelsOf(image: Tensor): Tensor2D {
  return reshape(image, [-1, image.shape[3]!]);
}
