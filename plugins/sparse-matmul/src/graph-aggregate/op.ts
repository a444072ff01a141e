import { mul, tensor2d, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { requireRange, runOp, type OpDefinition } from '@tfjs-sparse/core';
import type { CompressedRows } from '../sparse-matrix/compressed-rows.js';
import type { SparseMatrix } from '../sparse-matrix/sparse-matrix.js';
import * as cpu from './cpu.js';
import * as wasm from './wasm.js';
import * as webgpu from './webgpu.js';

export type Aggregation = 'sum' | 'mean' | 'max';

export interface GraphAggregateOptions {
  /** Default `sum`, which is the matrix product. */
  readonly reduction?: Aggregation;
}

export interface EntriesAttrs {
  readonly entries: CompressedRows;
}

export interface AggregateAttrs extends EntriesAttrs {
  readonly reduction: Aggregation;
}

/**
 * A runtime sparse matrix times a dense one: each row of the output reduces `value * x[column]` over the entries of that
 * row, so a graph's nodes gather from their neighbours. `mean` divides by the number of entries, `max` takes the
 * greatest per feature (a NaN wins); a row without entries gives 0. PyTorch: torch.sparse.mm, torch_sparse.spmm and
 * torch_scatter's gather-scatter.
 *
 * Gradients go to `x` and to the matrix's values; that of `max` to the first greatest entry of the row.
 *
 * @param matrix `[rows, columns]`
 * @param x      float32 `[columns, features]`
 * @returns      `[rows, features]`
 */
export function graphAggregate(matrix: SparseMatrix, x: Tensor2D, options: GraphAggregateOptions = {}): Tensor2D {
  const { reduction = 'sum' } = options;
  const columns = matrix.shape[1];
  const op = 'graphAggregate';
  requireAggregation(op, reduction);
  requireRange(
    x.rank === 2 && x.shape[0] === columns,
    op,
    `x must have shape [${columns}, features] (one row per column of the matrix)`,
    x.shape,
  );
  requireRange(x.dtype === 'float32', op, 'x must be float32', x.dtype);
  return aggregate(x, matrix.values, { entries: matrix.entries, reduction }) as Tensor2D;
}

export function requireAggregation(op: string, reduction: string): void {
  requireRange(['sum', 'mean', 'max'].includes(reduction), op, "reduction must be 'sum', 'mean' or 'max'", reduction);
}

function aggregate(x: Tensor, values: Tensor | undefined, attrs: AggregateAttrs): Tensor {
  return values ? runOp(weightedAggregateOp, { x, values }, attrs) : runOp(aggregateOp, { x }, attrs);
}

/** All values 1. */
export const aggregateOp: OpDefinition<'x' | 'values', AggregateAttrs> = {
  name: 'SparseAggregate',
  kernels: { cpu: cpu.aggregate, wasm: wasm.aggregate, webgpu: webgpu.aggregate },
  gradient: { save: ['x'], gradients: (dy, [x], attrs) => ({ x: gradientsOf(dy, x, undefined, attrs).x }) },
  tables: tablesOf,
};

export const weightedAggregateOp: OpDefinition<'x' | 'values', AggregateAttrs> = {
  name: 'SparseWeightedAggregate',
  kernels: aggregateOp.kernels,
  gradient: { save: ['x', 'values'], gradients: (dy, [x, values], attrs) => gradientsOf(dy, x, values, attrs) },
  tables: tablesOf,
};

/** Which entry of its row is the greatest of each feature, counted from the row's first; -1 without entries. */
export const argmaxOp: OpDefinition<'x' | 'values', EntriesAttrs> = {
  name: 'SparseAggregateArgmax',
  kernels: { cpu: cpu.argmax, wasm: wasm.argmax, webgpu: webgpu.argmax },
  tables: tablesOf,
};

/** Gives every `dy` to the column of its greatest entry. */
export const maxGradientOp: OpDefinition<'dy' | 'argmax' | 'values', EntriesAttrs> = {
  name: 'SparseAggregateMaxGradient',
  kernels: { cpu: cpu.maxGradient, wasm: wasm.maxGradient, webgpu: webgpu.maxGradient },
  tables: ({ entries }) => [entries.starts, ...tablesOf({ entries: entries.transposed })],
};

/** Per entry, the product of the row `a[row]` with the row `b[column]`, of all features or of those that it is greatest of. */
export const entryProductsOp: OpDefinition<'a' | 'b' | 'argmax', EntriesAttrs> = {
  name: 'SparseEntryProducts',
  kernels: { cpu: cpu.entryProducts, wasm: wasm.entryProducts, webgpu: webgpu.entryProducts },
  tables: ({ entries }) => [entries.starts, entries.columns, entries.rows],
};

function gradientsOf(dy: Tensor, x: Tensor, values: Tensor | undefined, { entries, reduction }: AggregateAttrs) {
  if (reduction === 'max') {
    const argmax = () => runOp(argmaxOp, { x, values }, { entries });
    return {
      x: () => runOp(maxGradientOp, { dy, argmax: argmax(), values }, { entries }),
      values: () => runOp(entryProductsOp, { a: dy, b: x, argmax: argmax() }, { entries }),
    };
  }
  const scaled = () => (reduction === 'mean' ? mul(dy, inverseCounts(entries)) : dy);
  return {
    x: () => aggregate(scaled(), values, { entries: entries.transposed, reduction: 'sum' }),
    values: () => valueGradient(scaled(), x, entries),
  };
}

/** In the order of the values; a transposed matrix (the gradient's gradient) computes on the original. */
function valueGradient(dy: Tensor, x: Tensor, entries: CompressedRows): Tensor {
  if (entries.order) return runOp(entryProductsOp, { a: x, b: dy }, { entries: entries.transposed });
  return runOp(entryProductsOp, { a: dy, b: x }, { entries });
}

/** `[rows, 1]`; 0 for a row without entries. */
function inverseCounts({ starts, rowCount }: CompressedRows): Tensor2D {
  const counts = Float32Array.from({ length: rowCount }, (_, row) => starts[row + 1] - starts[row]);
  return tensor2d(
    counts.map((count) => (count > 0 ? 1 / count : 0)),
    [rowCount, 1],
  );
}

function tablesOf({ entries }: EntriesAttrs): Int32Array[] {
  return [entries.starts, entries.columns, ...(entries.order ? [entries.order] : [])];
}
