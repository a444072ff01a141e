import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { Epilogue } from '@tfjs-sparse/core';
import { patternMatMul } from '../matmul/definition.js';
import { onRows } from '../matmul/on-rows.js';
import { requireOperands } from '../matmul/operands.js';
import type { SparsityPattern } from '../pattern/sparsity-pattern.js';

/**
 * Multiplies by a sparse matrix: `y = activation(x * W + bias + residual)`. A weight that is not kept takes no part: a NaN
 * or an infinity in x reaches only the outputs that keep a weight for it. (The f32 SpMM of XNNPACK; Elsen et al., Fast
 * Sparse ConvNets, 2020; torch.sparse.mm with the sparse matrix on the right.)
 *
 * @param x       `[..., inFeatures]`
 * @param values  `[blocks, blockOutputs]` the kept weights, in the order of `pattern`
 * @param pattern where they are; `packWeights` makes both
 * @returns       `[..., outFeatures]`; gradients go to x, values, bias and residual
 * @throws RangeError where shapes do not fit the pattern
 */
export function sparseMatMul(x: Tensor, values: Tensor2D, pattern: SparsityPattern, options: Epilogue = {}): Tensor {
  return multiplyLastAxis('sparseMatMul', x, values, pattern, options);
}

/** The op `name` on the last axis of x. */
export function multiplyLastAxis(
  name: string,
  x: Tensor,
  values: Tensor2D,
  pattern: SparsityPattern,
  options: Epilogue,
): Tensor {
  requireOperands(name, x, values, pattern, options);
  return onRows(x, pattern.outFeatures, options, (rows, epilogue) => patternMatMul(rows, values, pattern, epilogue));
}
