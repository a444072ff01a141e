import { runOp, type OpDefinition } from '@tfjs-sparse/core';
import type { Gelu, GeluGradient } from './attributes.js';
import { geluCpu, geluGradientCpu } from './cpu.js';
import { geluGradientWasm, geluWasm } from './wasm.js';
import { geluGradientWebgpu, geluWebgpu } from './webgpu.js';

export const geluOp: OpDefinition<Gelu> = {
  name: 'SparseGelu',
  inputs: { x: 'float32' },
  outputs: { y: 'float32' },
  kernels: { cpu: geluCpu, wasm: geluWasm, webgpu: geluWebgpu },
  gradient: {
    save: ['x'],
    gradients: ({ y: dy }, { x }, attrs) => ({ x: () => runOp(geluGradientOp, { x, dy }, attrs).dx }),
  },
};

export const geluGradientOp: OpDefinition<GeluGradient> = {
  name: 'SparseGeluGradient',
  inputs: { x: 'float32', dy: 'float32' },
  outputs: { dx: 'float32' },
  kernels: { cpu: geluGradientCpu, wasm: geluGradientWasm, webgpu: geluGradientWebgpu },
};
