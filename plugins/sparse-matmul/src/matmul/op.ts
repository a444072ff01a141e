import { gather, reshape, tensor1d, tidy, type Tensor, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import { runOp, type OpDefinition } from '@tfjs-sparse/core';
import type { SparsityPattern } from '../pattern/sparsity-pattern.js';
import { sampledProduct } from '../sampled-product/op.js';
import type { FusedActivation } from './activation.js';
import { patternMatMulCpu } from './cpu.js';
import { biasGradient, unclamped } from './epilogue-gradients.js';
import { patternMatMulWasm } from './wasm.js';
import { patternMatMulTables, patternMatMulWebgpu } from './webgpu.js';

export type PatternMatMulInput = 'x' | 'values' | 'bias';

export interface PatternMatMulAttrs {
  readonly pattern: SparsityPattern;
  readonly activation: FusedActivation;
}

/**
 * The product behind the ops with sparse weights: `y = activation(x * W + bias)`, of W the kept weights only.
 *
 * @param x      `[rows, inFeatures]`
 * @param values `[blocks, blockOutputs]`
 * @param bias   `[outFeatures]`, default none
 * @returns      `[rows, outFeatures]`
 */
export function patternMatMul(x: Tensor2D, values: Tensor2D, attrs: PatternMatMulAttrs, bias?: Tensor1D): Tensor2D {
  const op = attrs.activation === 'linear' ? patternMatMulOp : clampedPatternMatMulOp;
  return runOp(op, { x, values, bias }, attrs) as Tensor2D;
}

const kernels = { cpu: patternMatMulCpu, wasm: patternMatMulWasm, webgpu: patternMatMulWebgpu };

export const patternMatMulOp: OpDefinition<PatternMatMulInput, PatternMatMulAttrs> = {
  name: 'SparsePatternMatMul',
  kernels,
  gradient: {
    save: ['x', 'values'],
    gradients: (dy, [x, values], { pattern }) => gradientsOf(() => dy, x as Tensor2D, values as Tensor2D, pattern),
  },
  tables: patternMatMulTables,
};

/** Apart from `patternMatMulOp` because its gradient keeps the output, which tfjs copies on the wasm backend. */
export const clampedPatternMatMulOp: OpDefinition<PatternMatMulInput, PatternMatMulAttrs> = {
  name: 'SparseClampedPatternMatMul',
  kernels,
  gradient: {
    save: ['x', 'values'],
    saveOutput: true,
    gradients: (dy, [x, values, y], { pattern, activation }) =>
      gradientsOf(() => unclamped(dy, y, activation), x as Tensor2D, values as Tensor2D, pattern),
  },
  tables: patternMatMulTables,
};

function gradientsOf(dySums: () => Tensor, x: Tensor2D, values: Tensor2D, pattern: SparsityPattern) {
  return {
    x: () => tidy(() => productWithTransposed(dySums() as Tensor2D, values, pattern)),
    values: () => tidy(() => sampledProduct(x, dySums() as Tensor2D, pattern)),
    bias: () => tidy(() => biasGradient(dySums())),
  };
}

function productWithTransposed(dy: Tensor2D, values: Tensor2D, pattern: SparsityPattern): Tensor2D {
  const { pattern: transposed, order } = pattern.transposed();
  const kept = reshape(gather(reshape(values, [-1]), tensor1d(order, 'int32')), [order.length, 1]) as Tensor2D;
  return patternMatMul(dy, kept, { pattern: transposed, activation: 'linear' });
}
