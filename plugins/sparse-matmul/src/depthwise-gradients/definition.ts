import type { OpDefinition } from '@tfjs-sparse/core';
import type { DepthwiseFilterGradient, DepthwiseInputGradient } from './attributes.js';
import * as cpu from './cpu.js';
import * as wasm from './wasm.js';
import * as webgpu from './webgpu.js';

export const depthwiseInputGradientOp: OpDefinition<DepthwiseInputGradient> = {
  name: 'SparseDepthwiseConv2DInputGradient',
  inputs: { dy: 'float32', filter: 'float32' },
  outputs: { dx: 'float32' },
  kernels: { cpu: cpu.inputGradient, wasm: wasm.inputGradient, webgpu: webgpu.inputGradient },
};

export const depthwiseFilterGradientOp: OpDefinition<DepthwiseFilterGradient> = {
  name: 'SparseDepthwiseConv2DFilterGradient',
  inputs: { x: 'float32', dy: 'float32' },
  outputs: { dFilter: 'float32' },
  kernels: { cpu: cpu.filterGradient, wasm: wasm.filterGradient, webgpu: webgpu.filterGradient },
};
