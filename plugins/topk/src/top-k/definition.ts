import { runOp, type OpDefinition } from '@tfjs-sparse/core';
import type { TopK, TopKGradient } from './attributes.js';
import * as cpu from './cpu.js';
import * as wasm from './wasm.js';
import * as webgpu from './webgpu.js';

export const topKOp: OpDefinition<TopK> = {
  name: 'SparseTopK',
  inputs: { x: 'float32' },
  outputs: { values: 'float32', indices: 'int32' },
  kernels: { cpu: cpu.topK, wasm: wasm.topK, webgpu: webgpu.topK },
  gradient: {
    save: [],
    saveOutputs: ['indices'],
    gradients: ({ values: dy }, { indices }, { width }) => ({
      x: () => runOp(topKGradientOp, { dy, indices }, { width }).dx,
    }),
  },
};

const topKGradientOp: OpDefinition<TopKGradient> = {
  name: 'SparseTopKGradient',
  inputs: { dy: 'float32', indices: 'int32' },
  outputs: { dx: 'float32' },
  kernels: { cpu: cpu.topKGradient, wasm: wasm.topKGradient, webgpu: webgpu.topKGradient },
};
