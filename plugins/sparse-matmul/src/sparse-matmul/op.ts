import { reshape, tidy, type Tensor, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import type { FusedActivation } from '../matmul/activation.js';
import { requireOperands } from '../matmul/operands.js';
import { patternMatMul } from '../matmul/op.js';
import type { SparsityPattern } from '../pattern/sparsity-pattern.js';

export interface SparseMatMulOptions {
  /** `[outFeatures]`, added to the sums. Default none. */
  readonly bias?: Tensor1D;
  /** Done in the same pass. Default linear. */
  readonly activation?: FusedActivation;
}

/**
 * Multiplies by a sparse matrix: `y = activation(x * W + bias)`. A weight that is not kept takes no part: a NaN or an
 * infinity in x reaches only the outputs that keep a weight for it. (The f32 SpMM of XNNPACK; Elsen et al., Fast Sparse
 * ConvNets, 2020; torch.sparse.mm with the sparse matrix on the right.)
 *
 * @param x       `[..., inFeatures]`
 * @param values  `[blocks, blockOutputs]` the kept weights, in the order of `pattern`
 * @param pattern where they are; `packWeights` makes both
 * @returns       `[..., outFeatures]`; gradients go to x, values and bias
 * @throws RangeError where shapes do not fit the pattern
 */
export function sparseMatMul(
  x: Tensor,
  values: Tensor2D,
  pattern: SparsityPattern,
  options: SparseMatMulOptions = {},
): Tensor {
  return multiplyLastAxis('sparseMatMul', x, values, pattern, options);
}

/** The op `name` on the last axis of x. */
export function multiplyLastAxis(
  name: string,
  x: Tensor,
  values: Tensor2D,
  pattern: SparsityPattern,
  { bias, activation = 'linear' }: SparseMatMulOptions,
): Tensor {
  requireOperands(name, x, values, pattern, bias, activation);
  return tidy(() => {
    const rows = x.shape.slice(0, -1);
    const flat = reshape(x, [rows.reduce((product, size) => product * size, 1), pattern.inFeatures]) as Tensor2D;
    return reshape(patternMatMul(flat, values, { pattern, activation }, bias), [...rows, pattern.outFeatures]);
  });
}
