import { ones, tidy, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import { requireRange, runOp, type OpDefinition } from '@tfjs-sparse/core';
import type { CompressedRows } from '../sparse-matrix/compressed-rows.js';
import { SparseMatrix } from '../sparse-matrix/sparse-matrix.js';
import * as cpu from './cpu.js';
import { productEntries } from './structure.js';
import * as wasm from './wasm.js';
import * as webgpu from './webgpu.js';

export interface SpgemmAttrs {
  readonly a: CompressedRows;
  readonly b: CompressedRows;
  /** Where the product has entries. */
  readonly product: CompressedRows;
}

export interface RowDotsAttrs {
  readonly x: CompressedRows;
  readonly y: CompressedRows;
  /** Which pairs of a row of x and a row of y. */
  readonly pairs: CompressedRows;
}

/**
 * The product of two sparse matrices, row by row (Gustavson, 1978; SMASH, torch.sparse.mm): sorted columns, the same bits
 * every time. Its entries lie where entries of a and b meet, also where their products add up to 0. Repeated entries of
 * an operand count once each.
 *
 * The places are found on the host, once for two operands with the same places (`withValues` keeps them); the values are
 * computed where the values are, and gradients go to both.
 *
 * @param a `[rows, inner]`
 * @param b `[inner, columns]`
 * @returns `[rows, columns]`
 */
export function spgemm(a: SparseMatrix, b: SparseMatrix): SparseMatrix {
  const inner = a.shape[1];
  requireRange(b.shape[0] === inner, 'spgemm', `b must have ${inner} rows (as a has columns)`, b.shape[0]);
  const product = productEntries(a.entries, b.entries);
  const values = tidy(() => {
    const attrs = { a: a.entries, b: b.entries, product };
    return runOp(spgemmOp, { aValues: valuesOf(a), bValues: valuesOf(b) }, attrs);
  });
  return new SparseMatrix(product, values as Tensor1D);
}

/** `[entries]` of the product. */
export const spgemmOp: OpDefinition<'aValues' | 'bValues', SpgemmAttrs> = {
  name: 'SparseSpgemm',
  kernels: { cpu: cpu.spgemm, wasm: wasm.spgemm, webgpu: webgpu.spgemm },
  gradient: {
    save: ['aValues', 'bValues'],
    gradients: (dy, [aValues, bValues], { a, b, product }) => ({
      aValues: () => rowDots(dy, product, bValues, b, a),
      bValues: () => rowDots(aValues, a.transposed, dy, product.transposed, b),
    }),
  },
  tables: (attrs) => rowDotsTables(webgpu.rowDotsOf(attrs)),
};

/** `[pairs]`: the dot product of a sparse row of x and a sparse row of y for each pair. */
export const rowDotsOp: OpDefinition<'xValues' | 'yValues', RowDotsAttrs> = {
  name: 'SparseRowDots',
  kernels: { cpu: cpu.rowDots, wasm: wasm.rowDots, webgpu: webgpu.rowDots },
  tables: rowDotsTables,
};

function rowDots(xValues: Tensor, x: CompressedRows, yValues: Tensor, y: CompressedRows, pairs: CompressedRows) {
  return runOp(rowDotsOp, { xValues, yValues }, { x, y, pairs });
}

function valuesOf({ values, columns }: SparseMatrix): Tensor {
  return values ?? ones([columns.length]);
}

function rowDotsTables({ x, y, pairs }: RowDotsAttrs): Int32Array[] {
  return [x.joined, y.joined, pairs.places];
}
