import { mul, neg, reshape, slice, sub, tidy } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { requireRange, requireType, runOp, type OpDefinition } from '@tfjs-sparse/core';
import { isFusedActivation, type FusedActivation } from '../matmul/activation.js';
import { biasGradient, unclamped } from '../matmul/epilogue-gradients.js';
import type { SparseMatMulOptions } from '../sparse-matmul/op.js';
import * as cpu from './cpu.js';
import { QuantizedWeights } from './quantized-weights.js';
import * as wasm from './wasm.js';
import * as webgpu from './webgpu.js';

export type QuantizedInput = 'x' | 'scales' | 'zeros' | 'bias';

export interface QuantizedAttrs {
  readonly weights: QuantizedWeights;
}

export interface QuantizedMatMulAttrs extends QuantizedAttrs {
  readonly activation: FusedActivation;
}

/**
 * Multiplies by quantised weights of which whole groups may be missing: `y = activation(x * W + bias)`. The codes become
 * numbers in registers only. A group that is not kept takes no part: a NaN in its inputs does not reach the output.
 * (GQSA: Group Quantization and Sparsity for Accelerating Large Language Model Inference, 2024.)
 *
 * @param x       `[..., inFeatures]`
 * @param scales  `[groups]`, and the zero points `[groups]`: `w = scale * (code - zero)`
 * @param weights the codes, which are constant; `quantizeWeights` makes all three
 * @returns       `[..., outFeatures]`; gradients go to x, scales, zeros and bias
 */
export function quantizedMatMul(
  x: Tensor,
  scales: Tensor1D,
  zeros: Tensor1D,
  weights: QuantizedWeights,
  { bias, activation = 'linear' }: SparseMatMulOptions = {},
): Tensor {
  requireOperands({ x, scales, zeros, bias }, weights, activation);
  const { inFeatures, outFeatures } = weights;
  return tidy(() => {
    const rows = x.shape.slice(0, -1);
    const flat = reshape(x, [rows.reduce((product, size) => product * size, 1), inFeatures]);
    const op = activation === 'linear' ? quantizedMatMulOp : clampedQuantizedMatMulOp;
    const y = runOp(op, { x: flat, scales, zeros, bias }, { weights, activation });
    return reshape(y, [...rows, outFeatures]);
  });
}

const kernels = { cpu: cpu.quantizedMatMul, wasm: wasm.quantizedMatMul, webgpu: webgpu.quantizedMatMul };

export const quantizedMatMulOp: OpDefinition<QuantizedInput, QuantizedMatMulAttrs> = {
  name: 'SparseQuantizedMatMul',
  kernels,
  gradient: {
    save: ['x', 'scales', 'zeros'],
    gradients: (dy, [x, scales, zeros], { weights }) => gradientsOf(() => dy, x, scales, zeros, weights),
  },
  tables,
};

/** Apart from `quantizedMatMulOp` because its gradient keeps the output, which tfjs copies on the wasm backend. */
export const clampedQuantizedMatMulOp: OpDefinition<QuantizedInput, QuantizedMatMulAttrs> = {
  name: 'SparseClampedQuantizedMatMul',
  kernels,
  gradient: {
    save: ['x', 'scales', 'zeros'],
    saveOutput: true,
    gradients: (dy, [x, scales, zeros, y], { weights, activation }) =>
      gradientsOf(() => unclamped(dy, y, activation), x, scales, zeros, weights),
  },
  tables,
};

/** dy times the transposed weights. */
export const quantizedInputGradientOp: OpDefinition<'dy' | 'scales' | 'zeros', QuantizedAttrs> = {
  name: 'SparseQuantizedInputGradient',
  kernels: { cpu: cpu.inputGradient, wasm: wasm.inputGradient, webgpu: webgpu.inputGradient },
  tables: ({ weights }) => {
    const { pattern, order } = weights.groups.transposed();
    return [pattern.starts, pattern.columns, order, weights.codes];
  },
};

/** `[2, groups]`: of x^T * dy the sums over each kept group, weighted by its codes and not. */
export const quantizedGroupProductsOp: OpDefinition<'x' | 'dy', QuantizedAttrs> = {
  name: 'SparseQuantizedGroupProducts',
  kernels: { cpu: cpu.groupProducts, wasm: wasm.groupProducts, webgpu: webgpu.groupProducts },
  tables: ({ weights }) => [webgpu.outputOfGroups(weights.groups), weights.groups.columns, weights.codes],
};

function tables({ weights }: QuantizedAttrs): Int32Array[] {
  return [weights.groups.starts, weights.groups.columns, weights.codes];
}

function gradientsOf(dySums: () => Tensor, x: Tensor, scales: Tensor, zeros: Tensor, weights: QuantizedWeights) {
  const products = (kind: 0 | 1) => {
    const both = runOp(quantizedGroupProductsOp, { x, dy: dySums() }, { weights }) as Tensor2D;
    return reshape(slice(both, [kind, 0], [1, -1]), [-1]);
  };
  return {
    x: () => tidy(() => runOp(quantizedInputGradientOp, { dy: dySums(), scales, zeros }, { weights })),
    scales: () => tidy(() => sub(products(0), mul(zeros, products(1)))),
    zeros: () => tidy(() => neg(mul(scales, products(1)))),
    bias: () => tidy(() => biasGradient(dySums())),
  };
}

function requireOperands(
  tensors: Record<QuantizedInput, Tensor | undefined> & { x: Tensor },
  weights: QuantizedWeights,
  activation: string,
): void {
  const op = 'quantizedMatMul';
  requireType(weights instanceof QuantizedWeights, op, 'weights must be QuantizedWeights', typeof weights);
  const { inFeatures, outFeatures, groupCount } = weights;
  for (const [role, tensor] of Object.entries(tensors)) {
    if (tensor) requireType(tensor.dtype === 'float32', op, `${role} must be float32`, tensor.dtype);
  }
  const { x, ...vectors } = tensors;
  requireRange(x.rank >= 1, op, 'x must have at least 1 axis', x.rank);
  const last = x.shape[x.rank - 1];
  requireRange(last === inFeatures, op, `the last axis of x must be ${inFeatures} (inFeatures)`, last);
  for (const [role, vector] of Object.entries(vectors)) {
    const length = role === 'bias' ? outFeatures : groupCount;
    const isVector = !vector || (vector.rank === 1 && vector.shape[0] === length);
    const what = role === 'bias' ? 'outFeatures' : 'groups';
    requireRange(isVector, op, `${role} must be [${length}] (${what})`, vector?.shape);
  }
  requireRange(isFusedActivation(activation), op, 'activation must be linear, relu or relu6', activation);
}
