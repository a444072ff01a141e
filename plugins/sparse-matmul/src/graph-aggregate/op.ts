import type { Tensor2D } from '@tensorflow/tfjs-core';
import {
  reduceRows,
  reduceWeightedRows,
  requireRange,
  requireReduction,
  requireType,
  type Reduction,
} from '@tfjs-sparse/core';
import type { SparseMatrix } from '../sparse-matrix/sparse-matrix.js';

export interface GraphAggregateOptions {
  /** Default `sum`, which is the matrix product. */
  readonly reduction?: Reduction;
}

/**
 * A runtime sparse matrix times a dense one: each row of the output reduces `value * x[column]` over the entries of that
 * row, so a graph's nodes gather from their neighbours. `mean` divides by the number of entries, `max` takes the
 * greatest per feature (a NaN wins); a row without entries gives 0. PyTorch: torch.sparse.mm, torch_sparse.spmm and
 * torch_scatter's gather-scatter.
 *
 * Gradients go to `x` and to the matrix's values; that of `max` to the first greatest entry of the row.
 *
 * @param x      float32 `[columns, features]`
 * @param matrix `[rows, columns]`
 * @returns      `[rows, features]`
 * @throws RangeError where x does not fit the matrix or for another reduction, TypeError for other than float32
 */
export function graphAggregate(x: Tensor2D, matrix: SparseMatrix, options: GraphAggregateOptions = {}): Tensor2D {
  const { reduction = 'sum' } = options;
  const { entries, values } = matrix;
  const op = 'graphAggregate';
  requireReduction(op, reduction);
  const isFitting = x.rank === 2 && x.shape[0] === entries.columnCount;
  const rule = `x must have shape [${entries.columnCount}, features] (one row per column of the matrix)`;
  requireRange(isFitting, op, rule, x.shape);
  requireType(x.dtype === 'float32', op, 'x must be float32', x.dtype);
  return values ? reduceWeightedRows(x, values, entries, reduction) : reduceRows(x, entries, reduction);
}
