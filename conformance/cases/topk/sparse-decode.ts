import * as tf from '@tensorflow/tfjs-core';
import { sparseDecode } from '@tfjs-sparse/topk';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import { longSum, longSumTerm, threadSumTerms } from '../../src/long-sum.js';
import type { CallCase } from '../../src/run-call.js';
import type { TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import { drawEntries, placesOf, type EntriesCase } from './shared/entries.js';

interface DecodeCase extends EntriesCase {
  readonly width: number;
  readonly hasBias?: boolean;
  readonly seed: number;
}

interface DecodeAttrs {
  readonly rows?: number;
}

const tolerance = { output: 1e-6, gradient: 2e-6, reason: 'float32 sums of at most 100 products below 1' };

const decoding: TensorOperation<DecodeAttrs> = {
  op: 'sparse-decode',
  inputs: { values: 'float32', indices: 'int32', dictionary: 'float32', bias: 'float32' },
  optional: ['bias'],
  outputs: { y: 'float32' },
  attributes: { rows: field.optional(field.number) },
  forward({ values, indices, dictionary, bias }, { rows }) {
    const options = { bias: bias as tf.Tensor1D | undefined, rows };
    return { y: sparseDecode({ values, indices }, dictionary as tf.Tensor2D, options) };
  },
  define({ values, indices, dictionary, bias }, { rows }) {
    const [features, width] = dictionary.shape;
    const shape = [...(rows === undefined ? indices.shape.slice(0, -1) : [rows]), width];
    const count = shape.reduce((product, size) => product * size, 1);
    const y = Array.from({ length: count }, (_, i) => bias?.values[i % width] ?? 0);
    placesOf(indices, features, rows !== undefined).forEach((place, entry) => {
      if (!place) return;
      const [row, feature] = place;
      for (let column = 0; column < width; column++) {
        y[row * width + column] += values.values[entry] * dictionary.values[feature * width + column];
      }
    });
    return { y: { shape, values: y } };
  },
};

export const operation = defineTensorCases<DecodeCase, DecodeAttrs>(
  decoding,
  ({ width, hasBias, seed, ...entries }) => ({
    tolerance,
    inputs: {
      ...drawEntries(entries, seed),
      dictionary: drawTensor([entries.features, width], seed + 2),
      ...(hasBias && { bias: drawTensor([width], seed + 3) }),
    },
    attrs: { rows: entries.rows },
    gradients: ['values', 'dictionary', ...(hasBias ? ['bias'] : [])],
    seed: seed + 4,
  }),
  (control) => [
    control('three-of-twenty', { shape: [5, 3], features: 20, width: 12, seed: 4500 }),
    control.with('one-row', { shape: [1, 3] }),
    control.with('vector', { shape: [3] }),
    control.with('three-axes', { shape: [2, 3, 4] }),
    control.with('no-rows', { shape: [0, 3] }),
    control.with('k-0', { shape: [5, 0] }),
    control.with('k-0-bias', { shape: [5, 0], hasBias: true }),
    control.with('k-is-all', { shape: [2, 20] }),
    control.with('one-feature', { shape: [5, 1], features: 1 }),
    control.with('one-column', { width: 1 }),
    control.with('width-not-multiple-of-4', { width: 71 }),
    control.with('width-multiple-of-16', { width: 64 }),
    control.with('bias', { hasBias: true }),
    control.with('entries-that-are-none', { absent: 0.4, hasBias: true }),
    control.with('only-entries-that-are-none', { shape: [2, 2], given: [-1, -1, -1, -1], hasBias: true }),
    control.with('duplicates-add-up', { shape: [2, 3], given: [4, 4, 2, 7, 7, 7] }),
    control.with('one-feature-in-all-rows', { shape: [100, 1], given: new Array<number>(100).fill(6) }),
    control.with('list', { shape: [11], rows: 5 }),
    control.with('list-rows-without-entries', { shape: [4], rows: 6, given: [3, 41, 44, 79], hasBias: true }),
    control.with('list-all-in-one-row', { shape: [20], rows: 2, given: Array.from({ length: 20 }, (_, i) => 20 + i) }),
    control.with('list-without-entries', { shape: [0], rows: 3, hasBias: true }),
  ],
);

const dictionary = () => tf.ones([4, 3]) as tf.Tensor2D;
const indicesOf = (...indices: number[]) => tf.tensor2d([indices], undefined, 'int32');
const refusal = (
  name: string,
  values: () => tf.Tensor,
  indices: () => tf.Tensor,
  options: { readonly bias?: () => tf.Tensor; readonly rows?: number },
  error: string,
): CallCase => ({
  id: `sparse-decode/${name}`,
  call: () => {
    const bias = options.bias?.() as tf.Tensor1D | undefined;
    sparseDecode({ values: values(), indices: indices() }, dictionary(), { bias, rows: options.rows });
  },
  error,
});
const two = () => tf.ones([1, 2]);
const listOfTwo = () => tf.ones([2]);
const list =
  (...indices: number[]) =>
  () =>
    tf.tensor1d(indices, 'int32');

export const calls: readonly CallCase[] = [
  refusal('index-above', two, () => indicesOf(0, 4), {}, 'RangeError: sparseDecode: indices must be from -1 to 3 (rows of dictionary), got 4'), // prettier-ignore
  refusal('index-below', two, () => indicesOf(0, -2), {}, 'RangeError: sparseDecode: indices must be from -1 to 3 (rows of dictionary), got -2'), // prettier-ignore
  refusal(
    'float-indices',
    two,
    () => tf.ones([1, 2]),
    {},
    'TypeError: sparseDecode: indices must be int32, got float32',
  ),
  refusal('other-shape', two, () => indicesOf(0, 1, 2), {}, 'RangeError: sparseDecode: values must be [1, 3] (as indices), got [1, 2]'), // prettier-ignore
  refusal('bias-of-features', two, () => indicesOf(0, 1), { bias: () => tf.ones([4]) }, 'RangeError: sparseDecode: bias must be [3] (width of dictionary), got [4]'), // prettier-ignore
  refusal('list-unsorted', listOfTwo, list(5, 2), { rows: 2 }, 'RangeError: sparseDecode: indices must ascend from 0 to 7 (rows * features), got 2 at 1'), // prettier-ignore
  refusal('list-twice-the-same', listOfTwo, list(5, 5), { rows: 2 }, 'RangeError: sparseDecode: indices must ascend from 0 to 7 (rows * features), got 5 at 1'), // prettier-ignore
  refusal('list-above', listOfTwo, list(5, 8), { rows: 2 }, 'RangeError: sparseDecode: indices must ascend from 0 to 7 (rows * features), got 8 at 1'), // prettier-ignore
  refusal('list-of-two-axes', two, () => indicesOf(0, 1), { rows: 2 }, 'RangeError: sparseDecode: indices must be [entries] where rows are given, got [1, 2]'), // prettier-ignore
  refusal('list-too-long-for-indices', listOfTwo, list(0, 1), { rows: 2 ** 30 }, 'RangeError: sparseDecode: rows * features must be at most 2147483647, got 4294967296'), // prettier-ignore
  longSum('sparse-decode/long-dictionary-gradient', longDictionaryGradient, threadSumTerms * Math.fround(longSumTerm)),
];

/** Of one feature that is active in every row. */
function longDictionaryGradient(): tf.Tensor {
  const values = tf.fill([threadSumTerms, 1], longSumTerm);
  const indices = tf.zeros([threadSumTerms, 1], 'int32');
  const decode = (dictionary: tf.Tensor) => sparseDecode({ values, indices }, dictionary as tf.Tensor2D);
  return tf.grad(decode)(tf.ones([1, 3]));
}
