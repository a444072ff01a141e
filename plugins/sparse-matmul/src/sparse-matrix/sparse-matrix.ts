import {
  ones,
  reshape,
  tensor1d,
  tensor2d,
  tidy,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import {
  CompressedRows,
  gatherRows,
  int32Array,
  reduceRows,
  requireRange,
  requireReadable,
  requireType,
} from '@tfjs-sparse/core';
import { requireCompressedRows, requireIndices } from './require-entries.js';

const name = 'SparseMatrix';

/** A list of entries: an adjacency matrix has an entry per edge, in the row of its target and the column of its source. */
export interface Edges {
  readonly rows: ArrayLike<number>;
  readonly columns: ArrayLike<number>;
}

/** Matrices by the data of the tensors that `toTensor` made. */
const matrices = new WeakMap<object, SparseMatrix>();

/**
 * A matrix whose entries are known at run time only: a graph, or the product of two of these. The places of the entries
 * lie on the host, sorted by row, then column, and never change; their values are a tensor, or all 1. Entries may repeat
 * (a multigraph): they count once each.
 */
export class SparseMatrix {
  /**
   * @param entries where they lie, checked
   * @param values  float32 `[entries]`; default all 1
   * @param order   of a matrix of `fromEdges`, int32 `[entries]`: which of the given edges each entry is
   */
  constructor(
    readonly entries: CompressedRows,
    readonly values?: Tensor1D,
    readonly order?: Int32Array,
  ) {
    if (values) requireValues(values, entries.entryCount);
  }

  /**
   * The matrix of CSR tables, which it copies.
   *
   * @param shape   `[rows, columns]`
   * @param starts  `[rows + 1]`: the first entry of each row, and the number of all
   * @param columns `[entries]`
   * @throws RangeError that names the first entry outside of the matrix, TypeError for what is no array of numbers
   */
  static fromRows(
    shape: readonly [number, number],
    starts: ArrayLike<number>,
    columns: ArrayLike<number>,
    values?: Tensor1D,
  ): SparseMatrix {
    requireShape(shape);
    const firstEntries = int32Array(name, 'starts', starts).slice();
    const places = int32Array(name, 'columns', columns).slice();
    requireCompressedRows(name, shape, firstEntries, places);
    return new SparseMatrix(CompressedRows.from(shape, firstEntries, places), values);
  }

  /**
   * Sorts the edges; `order` says how.
   *
   * @param values `[edges]`, in the order of the edges; gradients reach it
   */
  static fromEdges(edges: Edges, shape: readonly [number, number], values?: Tensor1D): SparseMatrix {
    requireShape(shape);
    const rows = int32Array(name, 'rows', edges.rows);
    const columns = int32Array(name, 'columns', edges.columns);
    const rule = `edges must have as many rows (${rows.length}) as columns`;
    requireRange(rows.length === columns.length, name, rule, columns.length);
    requireIndices(name, 'rows', rows, shape[0]);
    requireIndices(name, 'columns', columns, shape[1]);
    if (values) requireValues(values, rows.length);
    const { starts, columns: sorted, order } = CompressedRows.sorted(rows, columns, shape);
    const sortedValues = values && tidy(() => inOrder(values, order!));
    return new SparseMatrix(CompressedRows.from(shape, starts, sorted), sortedValues, order);
  }

  /** The entries of `dense` that are not 0; NaN is an entry. Reads the tensor, so gradients do not reach it. */
  static async fromDense(dense: Tensor2D): Promise<SparseMatrix> {
    requireRange(dense.rank === 2, name, 'dense must have rank 2', dense.shape);
    const all = await dense.data();
    const [rowCount, width] = dense.shape;
    const starts = new Int32Array(rowCount + 1);
    const places: number[] = [];
    for (let place = 0; place < all.length; place++) {
      if (all[place] !== 0) places.push(place);
      if (place % width === width - 1) starts[Math.floor(place / width) + 1] = places.length;
    }
    const columns = Int32Array.from(places, (place) => place % width);
    const values = tensor1d(Float32Array.from(places, (place) => all[place]));
    return new SparseMatrix(CompressedRows.from([rowCount, width], starts, columns), values);
  }

  get shape(): readonly [number, number] {
    return [this.entries.rowCount, this.entries.columnCount];
  }

  /** int32 `[rows + 1]` */
  get starts(): Int32Array {
    return this.entries.starts;
  }

  /** int32 `[entries]`, ascending within a row unless `fromRows` was given others */
  get columns(): Int32Array {
    return this.entries.columns;
  }

  /** The same entries with other values `[entries]`, in their order. */
  withValues(values: Tensor1D): SparseMatrix {
    return new SparseMatrix(this.entries, values, this.order);
  }

  /** `[rows, columns]`; entries at the same place are summed. Gradients reach the values. */
  toDense(): Tensor2D {
    const { rows, columns, rowCount, columnCount } = this.entries;
    const cells = rows.map((row, entry) => row * columnCount + columns[entry]);
    const entriesOfCells = CompressedRows.fromIndex(cells, rowCount * columnCount).transposed;
    if (this.values) requireReadable(name, 'values', this.values);
    return tidy(() => {
      const values = reshape(this.values ?? ones([rows.length]), [rows.length, 1]) as Tensor2D;
      return reshape(reduceRows(values, entriesOfCells, 'sum'), [rowCount, columnCount]) as Tensor2D;
    });
  }

  /** int32 `[entries, 2]`, row and column of each: an input of layers, which find the matrix by this tensor. */
  toTensor(): Tensor2D {
    const { rows, columns } = this.entries;
    const places = Int32Array.from({ length: rows.length * 2 }, (_, i) => (i % 2 ? columns : rows)[i >> 1]);
    const tensor = tensor2d(places, [rows.length, 2], 'int32');
    matrices.set(tensor.dataId, this);
    return tensor;
  }

  /** Frees the values, and the device copies of the places. */
  dispose(): void {
    this.values?.dispose();
    this.entries.dispose();
  }
}

/** The matrix whose `toTensor` made `edges`. */
export function sparseMatrixOf(edges: Tensor): SparseMatrix {
  const matrix = matrices.get(edges.dataId);
  const rule = 'edges must come from SparseMatrix.toTensor() unchanged (sliced or gathered tensors lose their matrix)';
  requireType(matrix !== undefined, 'sparseMatrixOf', rule, `a tensor of shape [${edges.shape.join(', ')}]`);
  return matrix;
}

/** tfjs' gather has no gradient on the wasm backend, and on cpu one that spreads NaN. */
function inOrder(values: Tensor1D, order: Int32Array): Tensor1D {
  const column = reshape(values, [order.length, 1]) as Tensor2D;
  return reshape(gatherRows(column, CompressedRows.fromIndex(order, order.length)), [order.length]) as Tensor1D;
}

function requireShape(shape: readonly [number, number]): void {
  const isShape = shape.length === 2 && shape.every((size) => Number.isInteger(size) && size >= 0);
  requireRange(isShape, name, 'shape must be two integers >= 0', shape);
}

function requireValues(values: Tensor1D, count: number): void {
  requireRange(values.rank === 1 && values.shape[0] === count, name, `values must have shape [${count}]`, values.shape);
  requireType(values.dtype === 'float32', name, 'values must be float32', values.dtype);
  requireReadable(name, 'values', values);
}
