import type { Tensor2D } from '@tensorflow/tfjs-core';
import { requireRange, requireType, runOp } from '@tfjs-sparse/core';
import { requireFloats } from '../matmul/operands.js';
import { SparsityPattern } from '../pattern/sparsity-pattern.js';
import { sampledProductOp } from './definition.js';

/**
 * Of the product `x^T * dy` the elements that `pattern` keeps (sampled dense-dense matrix product, SDDMM): the gradient
 * for the kept weights.
 *
 * @param x  `[rows, inFeatures]`
 * @param dy `[rows, outFeatures]`
 * @returns  `[blocks, blockOutputs]`; 0 for the weights behind the last output
 * @throws RangeError where shapes do not fit the pattern, TypeError for other than float32
 */
export function sampledProduct(x: Tensor2D, dy: Tensor2D, pattern: SparsityPattern): Tensor2D {
  const name = 'sampledProduct';
  requireType(pattern instanceof SparsityPattern, name, 'pattern must be a SparsityPattern', typeof pattern);
  const { inFeatures, outFeatures } = pattern;
  requireFloats(name, { x, dy });
  const isMatrix = (x.rank as number) === 2 && x.shape[1] === inFeatures;
  requireRange(isMatrix, name, `x must be [rows, ${inFeatures}] (inFeatures)`, x.shape);
  const rows = x.shape[0];
  const isFitting = (dy.rank as number) === 2 && dy.shape[0] === rows && dy.shape[1] === outFeatures;
  requireRange(isFitting, name, `dy must be [${rows}, ${outFeatures}] (rows, outFeatures)`, dy.shape);
  return runOp(sampledProductOp, { x, dy }, { pattern }).values as Tensor2D;
}
