import { mul, neg, sub } from '@tensorflow/tfjs-core';
import { fusedOps, runOp, type OpDefinition } from '@tfjs-sparse/core';
import type { QuantizedGroupProducts, QuantizedInputGradient, QuantizedMatMul } from './attributes.js';
import * as cpu from './cpu.js';
import * as wasm from './wasm.js';
import * as webgpu from './webgpu.js';

export const quantizedMatMulOps = fusedOps<QuantizedMatMul>({
  names: { linear: 'SparseQuantizedMatMul', activated: 'SparseActivatedQuantizedMatMul' },
  inputs: { x: 'float32', scales: 'float32', zeros: 'float32', bias: 'float32', residual: 'float32' },
  outputs: { y: 'float32' },
  kernels: { cpu: cpu.quantizedMatMul, wasm: wasm.quantizedMatMul, webgpu: webgpu.quantizedMatMul },
  gradient: {
    save: ['x', 'scales', 'zeros'],
    gradients(dySums, { x, scales, zeros }, { weights }) {
      // Once for both: what is made inside a gradient's function is freed behind it.
      const { weighted, plain } = runOp(quantizedGroupProductsOp, { x, dy: dySums }, { weights });
      return {
        x: () => runOp(quantizedInputGradientOp, { dy: dySums, scales, zeros }, { weights }).dx,
        scales: () => sub(weighted, mul(zeros, plain)),
        zeros: () => neg(mul(scales, plain)),
      };
    },
  },
  tables: ({ weights }) => [webgpu.groupTable(weights), weights.codes],
});

const quantizedInputGradientOp: OpDefinition<QuantizedInputGradient> = {
  name: 'SparseQuantizedInputGradient',
  inputs: { dy: 'float32', scales: 'float32', zeros: 'float32' },
  outputs: { dx: 'float32' },
  kernels: { cpu: cpu.inputGradient, wasm: wasm.inputGradient, webgpu: webgpu.inputGradient },
  tables: ({ weights }) => {
    const { pattern, order } = weights.groups.transposed();
    return [pattern.starts, pattern.columns, order, weights.codes];
  },
};

const quantizedGroupProductsOp: OpDefinition<QuantizedGroupProducts> = {
  name: 'SparseQuantizedGroupProducts',
  inputs: { x: 'float32', dy: 'float32' },
  outputs: { weighted: 'float32', plain: 'float32' },
  kernels: { cpu: cpu.groupProducts, wasm: wasm.groupProducts, webgpu: webgpu.groupProducts },
  tables: ({ weights }) => [weights.groups.blocks.rows, weights.groups.columns, weights.codes],
};
