import type { OpDefinition } from '@tfjs-sparse/core';
import type { ImageGeometry } from '../image-geometry.js';
import { convFilterGradientCpu } from './cpu.js';
import { convFilterGradientWasm } from './wasm.js';
import { convFilterGradientWebgpu } from './webgpu.js';

export interface ConvFilterGradientAttrs {
  readonly geometry: ImageGeometry;
}

/**
 * The gradient of a dense convolution for its filter: for every place of the filter, the sum over output pixels of the
 * input pixel at that place, transposed, times dy.
 *
 * Inputs: x `[batch, inHeight, inWidth, inChannels]`, dy `[batch, outHeight, outWidth, outChannels]`.
 * Output: `[filterHeight, filterWidth, inChannels, outChannels]`.
 */
export const convFilterGradientOp: OpDefinition<'x' | 'dy', ConvFilterGradientAttrs> = {
  name: 'SparseConvFilterGradient',
  kernels: { cpu: convFilterGradientCpu, wasm: convFilterGradientWasm, webgpu: convFilterGradientWebgpu },
};
