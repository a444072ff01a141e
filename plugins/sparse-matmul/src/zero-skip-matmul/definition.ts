import { matMul, zeros, type Tensor2D } from '@tensorflow/tfjs-core';
import { fusedOps } from '@tfjs-sparse/core';
import type { ZeroSkipMatMul } from './attributes.js';
import { zeroSkipMatMulCpu } from './cpu.js';
import { zeroSkipMatMulWasm } from './wasm.js';
import { zeroSkipMatMulWebgpu } from './webgpu.js';

export const zeroSkipMatMulOps = fusedOps<ZeroSkipMatMul>({
  names: { linear: 'SparseZeroSkipMatMul', activated: 'SparseActivatedZeroSkipMatMul' },
  inputs: { x: 'float32', weights: 'float32', bias: 'float32', residual: 'float32' },
  outputs: { y: 'float32' },
  kernels: { cpu: zeroSkipMatMulCpu, wasm: zeroSkipMatMulWasm, webgpu: zeroSkipMatMulWebgpu },
  gradient: {
    save: ['x', 'weights'],
    gradients: (dySums, { x, weights }) => ({
      x: () => matMul(dySums as Tensor2D, weights as Tensor2D, false, true),
      // tfjs' webgpu backend cannot bind tensors without elements.
      weights: () => (x.size === 0 ? zeros(weights.shape) : matMul(x as Tensor2D, dySums as Tensor2D, true, false)),
    }),
  },
});
