import { gather, reshape, tensor1d, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { fusedOps, runFused, type Epilogue } from '@tfjs-sparse/core';
import type { SparsityPattern } from '../pattern/sparsity-pattern.js';
import { sampledProduct } from '../sampled-product/op.js';
import type { PatternMatMul } from './attributes.js';
import { patternMatMulCpu } from './cpu.js';
import { patternMatMulWasm } from './wasm.js';
import { patternMatMulTables, patternMatMulWebgpu } from './webgpu.js';

/**
 * The product behind the ops with sparse weights: `y = activation(x * W + bias + residual)`, of W the kept weights only.
 *
 * @param x      `[rows, inFeatures]`
 * @param values `[blocks, blockOutputs]`
 * @returns      `[rows, outFeatures]`
 */
export function patternMatMul(
  x: Tensor2D,
  values: Tensor2D,
  pattern: SparsityPattern,
  { bias, residual, activation = 'linear' }: Epilogue<Tensor2D> = {},
): Tensor2D {
  return runFused(patternMatMulOps, { x, values, bias, residual }, { pattern, activation }) as Tensor2D;
}

const patternMatMulOps = fusedOps<PatternMatMul>({
  names: { linear: 'SparsePatternMatMul', activated: 'SparseActivatedPatternMatMul' },
  inputs: { x: 'float32', values: 'float32', bias: 'float32', residual: 'float32' },
  outputs: { y: 'float32' },
  kernels: { cpu: patternMatMulCpu, wasm: patternMatMulWasm, webgpu: patternMatMulWebgpu },
  gradient: {
    save: ['x', 'values'],
    gradients: (dySums, { x, values }, { pattern }) => sumGradients(dySums, x, values, pattern),
  },
  tables: patternMatMulTables,
});

/** The gradients of the sums before the epilogue. */
export function sumGradients(dySums: Tensor, x: Tensor, values: Tensor, pattern: SparsityPattern) {
  return {
    x: () => productWithTransposed(dySums as Tensor2D, values, pattern),
    values: () => sampledProduct(x as Tensor2D, dySums as Tensor2D, pattern),
  };
}

function productWithTransposed(dy: Tensor2D, values: Tensor, pattern: SparsityPattern): Tensor2D {
  const { pattern: transposed, order } = pattern.transposed();
  const kept = reshape(gather(reshape(values, [-1]), tensor1d(order, 'int32')), [order.length, 1]) as Tensor2D;
  return patternMatMul(dy, kept, transposed);
}
