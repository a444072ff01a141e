import { runOp, type OpDefinition } from '@tfjs-sparse/core';
import type { MaxRelative, MaxRelativeGradient } from './attributes.js';
import { maxRelativeCpu, maxRelativeGradientCpu } from './cpu.js';
import { maxRelativeGradientWasm, maxRelativeWasm } from './wasm.js';
import { maxRelativeGradientWebgpu, maxRelativeWebgpu } from './webgpu.js';

export const maxRelativeOp: OpDefinition<MaxRelative> = {
  name: 'SparseMaxRelative',
  inputs: { x: 'float32' },
  outputs: { y: 'float32', nearest: 'int32' },
  kernels: { cpu: maxRelativeCpu, wasm: maxRelativeWasm, webgpu: maxRelativeWebgpu },
  gradient: {
    save: [],
    saveOutputs: ['nearest'],
    gradients: ({ y: dy }, { nearest }, attrs) => ({
      x: () => runOp(maxRelativeGradientOp, { dy, nearest }, attrs).dx,
    }),
  },
};

const maxRelativeGradientOp: OpDefinition<MaxRelativeGradient> = {
  name: 'SparseMaxRelativeGradient',
  inputs: { dy: 'float32', nearest: 'int32' },
  outputs: { dx: 'float32' },
  kernels: { cpu: maxRelativeGradientCpu, wasm: maxRelativeGradientWasm, webgpu: maxRelativeGradientWebgpu },
};
