import { add, zeros, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import { runOp, type OpDefinition } from '@tfjs-sparse/core';
import { siteSumsCpu } from './cpu.js';
import { siteSumsWasm } from './wasm.js';
import { siteSumsWebgpu } from './webgpu.js';

/**
 * Sums over all sites: the gradient of a bias. tfjs' `sum` along axis 0 transposes first on the wasm backend (seven times
 * slower), and of no rows it returns what it finds in memory.
 *
 * @param x `[sites, channels]`
 * @returns `[channels]`, accumulated in float64 over blocks of sites (cpu, wasm)
 */
export function siteSums(x: Tensor2D): Tensor1D {
  return runOp(siteSumsOp, { x }, {}) as Tensor1D;
}

export const siteSumsOp: OpDefinition<'x', object> = {
  name: 'SparseSiteSums',
  kernels: { cpu: siteSumsCpu, wasm: siteSumsWasm, webgpu: siteSumsWebgpu },
  gradient: {
    save: ['x'],
    gradients: (dy, [x]) => ({ x: () => add(zeros(x.shape), dy) }),
  },
};
