import type { OpDefinition } from '@tfjs-sparse/core';
import type { ConvFilterGradient } from './attributes.js';
import { convFilterGradientCpu } from './cpu.js';
import { convFilterGradientWasm } from './wasm.js';
import { convFilterGradientWebgpu } from './webgpu.js';

export const convFilterGradientOp: OpDefinition<ConvFilterGradient> = {
  name: 'SparseConvFilterGradient',
  inputs: { x: 'float32', dy: 'float32' },
  outputs: { dFilter: 'float32' },
  kernels: { cpu: convFilterGradientCpu, wasm: convFilterGradientWasm, webgpu: convFilterGradientWebgpu },
};
