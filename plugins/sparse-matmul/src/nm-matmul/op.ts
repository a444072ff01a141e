import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { requireRange, type Epilogue } from '@tfjs-sparse/core';
import type { SparsityPattern } from '../pattern/sparsity-pattern.js';
import { multiplyLastAxis } from '../sparse-matmul/op.js';

/**
 * Multiplies by a matrix of which n of every m consecutive inputs are kept, with one pattern per output or one per block
 * of 2, 4 or 8 outputs: `y = activation(x * W + bias + residual)`. m is 2, 4, 8 or 16. Where m does not divide `inFeatures`, the
 * last group is shorter, as if it were padded with inputs that are 0. (Mishra et al., Accelerating sparse deep neural
 * networks, 2021, section 3; torch's semi-structured sparsity is 2 of 4.)
 *
 * @param x       `[..., inFeatures]`
 * @param values  `[blocks, blockOutputs]` the kept weights, in the order of `pattern`
 * @param pattern one with `groups`; `packWeights(dense, shape, {groups: {n, m}})` makes both
 * @returns       `[..., outFeatures]`; gradients go to x, values, bias and residual
 * @throws RangeError for a pattern without groups and where shapes do not fit it
 */
export function nmMatMul(x: Tensor, values: Tensor2D, pattern: SparsityPattern, options: Epilogue = {}): Tensor {
  requireRange(pattern.groups !== null, 'nmMatMul', 'pattern must have groups', 'none');
  return multiplyLastAxis('nmMatMul', x, values, pattern, options);
}
