import type { Tensor1D } from '@tensorflow/tfjs-core';
import { SparseMatrix, spgemm } from '@tfjs-sparse/sparse-matmul';
import { uniformFrom } from '../../oracle/random.js';
import { drawTensor, type SourceTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import { entriesFields, type Entries } from './shared/entries.js';

interface ProductAttrs {
  readonly a: Entries;
  readonly b: Entries;
}

interface SpgemmCase {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  /** Entries of a and of b, drawn with repetition. */
  readonly counts: readonly [number, number];
  /** All values 1. */
  readonly isPlain?: boolean;
  /** Entry of b that is NaN. */
  readonly nanEntry?: number;
  readonly seed: number;
}

const tolerance = { output: 1e-6, gradient: 1e-6, reason: 'float32 sums of at most 100 products below 1' };

const product: TensorOperation<ProductAttrs> = {
  op: 'spgemm',
  inputs: { a: 'float32', b: 'float32' },
  optional: ['a', 'b'],
  outputs: { y: 'float32' },
  attributes: { a: field.objectOf(entriesFields), b: field.objectOf(entriesFields) },
  forward({ a, b }, attrs) {
    const left = SparseMatrix.fromEdges(attrs.a, attrs.a.shape, a as Tensor1D | undefined);
    const right = SparseMatrix.fromEdges(attrs.b, attrs.b.shape, b as Tensor1D | undefined);
    return { y: spgemm(left, right).toDense() };
  },
  define({ a, b }, attrs) {
    const columns = attrs.b.shape[1];
    const values = Array<number>(attrs.a.shape[0] * columns).fill(0);
    attrs.a.rows.forEach((row, i) => {
      attrs.b.rows.forEach((inner, j) => {
        if (attrs.a.columns[i] !== inner) return;
        values[row * columns + attrs.b.columns[j]] += (a?.values[i] ?? 1) * (b?.values[j] ?? 1);
      });
    });
    return { y: { shape: [attrs.a.shape[0], columns], values } };
  },
};

export const operation = defineTensorCases<SpgemmCase, ProductAttrs>(
  product,
  ({ rows, inner, columns, counts, isPlain, nanEntry, seed }) => {
    const next = uniformFrom(seed);
    const draw = (shape: readonly [number, number], count: number): Entries => {
      const places = Array.from({ length: count }, () => shape.map((size) => Math.floor(next() * size)));
      return { shape, rows: places.map(([row]) => row), columns: places.map(([, column]) => column) };
    };
    const attrs = { a: draw([rows, inner], counts[0]), b: draw([inner, columns], counts[1]) };
    const b = drawTensor([counts[1]], seed + 2);
    const spoilt = { ...b, values: b.values.map((value, i) => (i === nanEntry ? NaN : value)) };
    const inputs: Record<string, SourceTensor> = isPlain ? {} : { a: drawTensor([counts[0]], seed + 1), b: spoilt };
    return {
      tolerance,
      inputs,
      attrs,
      gradients: isPlain || nanEntry !== undefined ? [] : ['a', 'b'],
      seed: seed + 3,
    };
  },
  (control) => [
    control('small', { rows: 7, inner: 6, columns: 8, counts: [14, 15], seed: 4300 }),
    control.with('plain', { isPlain: true }),
    control.with('one-entry-each', { inner: 1, counts: [1, 1] }),
    control.with('no-entries', { counts: [0, 0] }),
    control.with('no-entries-of-b', { counts: [9, 0] }),
    control.with('no-inner', { inner: 0, counts: [0, 0] }),
    control.with('no-rows', { rows: 0, counts: [0, 12] }),
    control.with('many-repeated', { rows: 2, inner: 2, columns: 2, counts: [12, 12] }),
    control.with('wide', { columns: 90, counts: [20, 60] }),
    control.with('nan', { nanEntry: 4 }),
  ],
);
