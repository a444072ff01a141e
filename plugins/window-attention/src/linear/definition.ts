import { transpose, zeros, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { clampGradient, columnSums, runOp, type OpDefinition } from '@tfjs-sparse/core';
import { geluGradientOp } from '../gelu/definition.js';
import type { Linear, LinearActivation, RowProducts } from './attributes.js';
import { linearCpu, rowProductsCpu } from './cpu.js';
import { linearWasm, rowProductsWasm } from './wasm.js';

/** By activation: only the one that needs its output for gradients saves it. */
export const linearOps: Readonly<Record<LinearActivation, OpDefinition<Linear>>> = {
  linear: define('linear'),
  relu: define('relu'),
  gelu: define('gelu'),
};

function define(activation: LinearActivation): OpDefinition<Linear> {
  return {
    name: `SparseLinear-${activation}`,
    inputs: { x: 'float32', matrix: 'float32', bias: 'float32' },
    outputs: { y: 'float32' },
    // With rows it is composed of tfjs' ops on webgpu (op.ts), whose products refuse tensors without elements.
    kernels: {
      cpu: linearCpu,
      wasm: linearWasm,
      webgpu: ({ x, matrix }, _, gpu) => ({ y: gpu.zeros([x.shape[0], matrix.shape[1]]) }),
    },
    gradient: {
      save: ['x', 'matrix', 'bias'],
      ...(activation === 'relu' && { saveOutputs: ['y'] }),
      gradients({ y: dy }, { x, matrix, bias, y }) {
        const sum = { linear: () => dy, relu: () => clampGradient(dy, y, 'relu'), gelu: beforeGelu };
        function beforeGelu(): Tensor {
          const before = runOp(linearOps.linear, { x, matrix, bias }, { activation: 'linear' }).y;
          return runOp(geluGradientOp, { x: before, dy }, { approximation: 'none' }).dx;
        }
        const of = sum[activation]();
        return {
          x() {
            const given = { x: of, matrix: transpose(matrix), bias: zeros([x.shape[1]!]) };
            return runOp(linearOps.linear, given, { activation: 'linear' }).y;
          },
          matrix: () => runOp(rowProductsOp, { x, dy: of }, {}).products,
          bias: () => columnSums(of as Tensor2D),
        };
      },
    },
  };
}

const rowProductsOp: OpDefinition<RowProducts> = {
  name: 'SparseRowProducts',
  inputs: { x: 'float32', dy: 'float32' },
  outputs: { products: 'float32' },
  kernels: {
    cpu: rowProductsCpu,
    wasm: rowProductsWasm,
    webgpu: ({ x, dy }, _, gpu) => ({ products: gpu.zeros([x.shape[1], dy.shape[1]]) }),
  },
};
