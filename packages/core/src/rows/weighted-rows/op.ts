import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { runOp } from '../../op/run.js';
import type { CompressedRows } from '../compressed-rows.js';
import type { Reduction } from '../op.js';
import { weightedMaxRowsOp, weightedSumRowsOp } from './definition.js';

/**
 * `reduceRows` of `values[entry] * x[column]`: the product of a sparse matrix with a dense one, or its mean or maximum
 * in place of the sum. The gradient of the maximum goes to the first greatest entry of a row. Gradients reach `x` and
 * the values.
 *
 * @param x      `[columns, channels]`
 * @param values `[entries]`
 * @returns      `[rows, channels]`
 */
export function reduceWeightedRows(
  x: Tensor2D,
  values: Tensor1D,
  rows: CompressedRows,
  reduction: Reduction,
): Tensor2D {
  if (reduction === 'max') return runOp(weightedMaxRowsOp, { x, values }, { rows, ties: 'first' }).y as Tensor2D;
  return runOp(weightedSumRowsOp, { x, values }, { rows, isMean: reduction === 'mean' }).y as Tensor2D;
}
