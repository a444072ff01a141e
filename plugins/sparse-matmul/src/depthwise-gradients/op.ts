import type { Tensor } from '@tensorflow/tfjs-core';
import { runOp, type OpDefinition } from '@tfjs-sparse/core';
import type { ImageGeometry } from '../image-geometry.js';
import * as cpu from './cpu.js';
import * as wasm from './wasm.js';
import * as webgpu from './webgpu.js';

export interface DepthwiseGradientAttrs {
  readonly geometry: ImageGeometry;
}

/**
 * The gradient of a depthwise convolution for its input. Inputs: dy `[batch, outHeight, outWidth, channels]`, filter
 * `[filterHeight, filterWidth, channels, 1]`; output `[batch, inHeight, inWidth, channels]`.
 */
export const depthwiseInputGradientOp: OpDefinition<'dy' | 'filter', DepthwiseGradientAttrs> = {
  name: 'SparseDepthwiseConv2DInputGradient',
  kernels: { cpu: cpu.inputGradient, wasm: wasm.inputGradient, webgpu: webgpu.inputGradient },
};

/**
 * The gradient of a depthwise convolution for its filter. Inputs: x `[batch, inHeight, inWidth, channels]`, dy
 * `[batch, outHeight, outWidth, channels]`; output `[filterHeight, filterWidth, channels, 1]`.
 */
export const depthwiseFilterGradientOp: OpDefinition<'x' | 'dy', DepthwiseGradientAttrs> = {
  name: 'SparseDepthwiseConv2DFilterGradient',
  kernels: { cpu: cpu.filterGradient, wasm: wasm.filterGradient, webgpu: webgpu.filterGradient },
};

/** `depthwiseInputGradientOp`. */
export function depthwiseInputGradient(dy: Tensor, filter: Tensor, geometry: ImageGeometry): Tensor {
  return runOp(depthwiseInputGradientOp, { dy, filter }, { geometry });
}

/** `depthwiseFilterGradientOp`. */
export function depthwiseFilterGradient(x: Tensor, dy: Tensor, geometry: ImageGeometry): Tensor {
  return runOp(depthwiseFilterGradientOp, { x, dy }, { geometry });
}
