import type { Tensor2D } from '@tensorflow/tfjs-core';
import { requireRange } from '../errors.js';
import { runOp } from '../op/run.js';
import type { CompressedRows } from './compressed-rows.js';
import type { Ties } from './max-rows/attributes.js';
import { maxRowsOp } from './max-rows/definition.js';
import { gatherRowsOp, sumOf } from './sum-rows/definition.js';

export type Reduction = 'sum' | 'mean' | 'max';

const reductions: readonly string[] = ['sum', 'mean', 'max'];

/** @throws RangeError unless `reduction` is one */
export function requireReduction(op: string, reduction: string): asserts reduction is Reduction {
  requireRange(reductions.includes(reduction), op, "reduction must be 'sum', 'mean' or 'max'", reduction);
}

/**
 * Takes rows: `y[row] = x[index[row]]`, zeros where the index is -1. The gradient sums what was taken.
 *
 * @param x    `[columns, channels]`
 * @param rows made by `CompressedRows.fromIndex`
 * @returns    `[rows, channels]`
 */
export function gatherRows(x: Tensor2D, rows: CompressedRows): Tensor2D {
  return runOp(gatherRowsOp, { x }, { rows }).y as Tensor2D;
}

/**
 * The sum, mean or maximum of the rows `weight * x[column]` of the entries of each row, in their order; zeros for a row
 * without entries. A NaN is the maximum. Gradients flow to `x`.
 *
 * @param x    `[columns, channels]`
 * @param ties to which of equal greatest entries the gradient of a maximum goes: the `first` (default), or `shared` by
 *   all evenly, as in torch.amax
 * @returns    `[rows, channels]`
 */
export function reduceRows(x: Tensor2D, rows: CompressedRows, reduction: Reduction, ties: Ties = 'first'): Tensor2D {
  if (reduction === 'max') return runOp(maxRowsOp, { x }, { rows, ties }).y as Tensor2D;
  return sumOf(x, rows, reduction === 'mean') as Tensor2D;
}
