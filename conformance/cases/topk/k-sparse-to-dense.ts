import * as tf from '@tensorflow/tfjs-core';
import { kSparseToDense } from '@tfjs-sparse/topk';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { CallCase } from '../../src/run-call.js';
import type { TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';

interface DenseCase {
  readonly shape: readonly number[];
  readonly indices: readonly number[];
  readonly width: number;
  readonly rows?: number;
  readonly seed: number;
}

interface DenseAttrs {
  readonly width: number;
  readonly rows: number | undefined;
}

const scatter: TensorOperation<DenseAttrs> = {
  op: 'k-sparse-to-dense',
  inputs: { values: 'float32', indices: 'int32' },
  outputs: { dense: 'float32' },
  attributes: { width: field.number, rows: field.optional(field.number) },
  forward: ({ values, indices }, attrs) => ({ dense: kSparseToDense({ values, indices }, attrs) }),
  define({ values, indices }, { width, rows }) {
    const k = indices.shape[indices.shape.length - 1];
    const shape = rows === undefined ? [...indices.shape.slice(0, -1), width] : [rows, width];
    const dense = new Array<number>(shape.reduce((product, size) => product * size, 1)).fill(0);
    indices.values.forEach((index, entry) => {
      const row = rows === undefined ? Math.floor(entry / k) : 0;
      if (index >= 0) dense[row * width + index] += values.values[entry];
    });
    return { dense: { shape, values: dense } };
  },
};

export const operation = defineTensorCases<DenseCase, DenseAttrs>(
  scatter,
  ({ shape, indices, width, rows, seed }) => ({
    tolerance: { output: 1e-6, gradient: 0, reason: 'values of one place add up' },
    inputs: { values: drawTensor(shape, seed), indices: { shape, values: indices, dtype: 'int32' } },
    attrs: { width, rows },
    gradients: ['values'],
    seed: seed + 1,
  }),
  (control) => [
    control('two-rows', { shape: [2, 3], indices: [4, 0, 2, 1, 3, 4], width: 5, seed: 5100 }),
    control.with('none-of-a-row', { indices: [-1, -1, -1, 2, -1, 0] }),
    control.with('one-place-twice', { indices: [1, 1, 1, 0, 4, 0] }),
    control.with('three-axes', { shape: [2, 1, 3] }),
    control.with('vector', { shape: [6], width: 7, indices: [6, 5, 4, 3, 2, 0] }),
    control.with('list-of-rows', { shape: [6], indices: [0, 3, 4, 9, 10, 14], rows: 3 }),
    control.with('empty-list', { shape: [0], indices: [], rows: 3 }),
    control.with('no-entries', { shape: [2, 0], indices: [] }),
    control.with('no-rows', { shape: [0, 3], indices: [] }),
  ],
);

const refusal = (name: string, indices: () => tf.Tensor, rows: number | undefined, error: string): CallCase => ({
  id: `k-sparse-to-dense/${name}`,
  call: () => kSparseToDense({ values: tf.ones([3]), indices: indices() }, { width: 4, rows }),
  error,
});

export const calls: readonly CallCase[] = [
  refusal('float-indices', () => tf.tensor1d([0, 1, 2]), undefined, 'TypeError: kSparseToDense: indices must be int32, got float32'), // prettier-ignore
  refusal('index-is-width', () => tf.tensor1d([0, 1, 4], 'int32'), undefined, 'RangeError: kSparseToDense: indices must be from -1 to 3 (width), got 4'), // prettier-ignore
  refusal('list-descends', () => tf.tensor1d([0, 5, 4], 'int32'), 2, 'RangeError: kSparseToDense: indices must ascend from 0 to 7 (rows * width), got 4 at 2'), // prettier-ignore
  refusal('list-outside', () => tf.tensor1d([0, 5, 8], 'int32'), 2, 'RangeError: kSparseToDense: indices must ascend from 0 to 7 (rows * width), got 8 at 2'), // prettier-ignore
  refusal('other-count', () => tf.tensor1d([0, 1], 'int32'), undefined, 'RangeError: kSparseToDense: values must be [2] (as indices), got [3]'), // prettier-ignore
];
