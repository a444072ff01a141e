import { ones, tidy, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import { requireRange, runOp } from '@tfjs-sparse/core';
import { SparseMatrix } from '../sparse-matrix/sparse-matrix.js';
import { spgemmOp } from './definition.js';
import { productEntries } from './structure.js';

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
 * @throws RangeError unless b has as many rows as a has columns
 */
export function spgemm(a: SparseMatrix, b: SparseMatrix): SparseMatrix {
  const inner = a.shape[1];
  requireRange(b.shape[0] === inner, 'spgemm', `b must have ${inner} rows (as a has columns)`, b.shape[0]);
  const product = productEntries(a.entries, b.entries);
  const values = tidy(() => {
    const attrs = { a: a.entries, b: b.entries, product };
    return runOp(spgemmOp, { aValues: valuesOf(a), bValues: valuesOf(b) }, attrs).values;
  });
  return new SparseMatrix(product, values as Tensor1D);
}

function valuesOf({ values, columns }: SparseMatrix): Tensor {
  return values ?? ones([columns.length]);
}
