import * as tf from '@tensorflow/tfjs-core';
import { sparseEncode } from '@tfjs-sparse/topk';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import { longSum, longSumTerm, threadSumTerms } from '../../src/long-sum.js';
import type { CallCase } from '../../src/run-call.js';
import type { TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import { drawIndices, placesOf, type EntriesCase } from './shared/entries.js';

interface EncodeCase extends EntriesCase {
  readonly width: number;
  readonly hasBias?: boolean;
  readonly seed: number;
}

interface EncodeAttrs {
  readonly rows?: number;
}

const tolerance = { output: 2e-6, gradient: 2e-6, reason: 'float32 sums of at most 100 products below 1' };

const encoding: TensorOperation<EncodeAttrs> = {
  op: 'sparse-encode',
  inputs: { x: 'float32', dictionary: 'float32', indices: 'int32', bias: 'float32' },
  optional: ['bias'],
  outputs: { values: 'float32' },
  attributes: { rows: field.optional(field.number) },
  forward({ x, dictionary, indices, bias }, { rows }) {
    const options = { bias: bias as tf.Tensor1D | undefined, rows };
    return { values: sparseEncode(x, dictionary as tf.Tensor2D, indices, options) };
  },
  define({ x, dictionary, indices, bias }, { rows }) {
    const [features, width] = dictionary.shape;
    const values = placesOf(indices, features, rows !== undefined).map((place) => {
      if (!place) return 0;
      const [row, feature] = place;
      let sum = bias?.values[feature] ?? 0;
      for (let column = 0; column < width; column++) {
        sum += x.values[row * width + column] * dictionary.values[feature * width + column];
      }
      return sum;
    });
    return { values: { shape: indices.shape, values } };
  },
};

export const operation = defineTensorCases<EncodeCase, EncodeAttrs>(
  encoding,
  ({ width, hasBias, seed, ...entries }) => {
    const rows = entries.rows === undefined ? entries.shape.slice(0, -1) : [entries.rows];
    return {
      tolerance,
      inputs: {
        x: drawTensor([...rows, width], seed),
        dictionary: drawTensor([entries.features, width], seed + 2),
        indices: drawIndices(entries, seed + 1),
        ...(hasBias && { bias: drawTensor([entries.features], seed + 3) }),
      },
      attrs: { rows: entries.rows },
      gradients: ['x', 'dictionary', ...(hasBias ? ['bias'] : [])],
      seed: seed + 4,
    };
  },
  (control) => [
    control('three-of-twenty', { shape: [5, 3], features: 20, width: 12, seed: 4600 }),
    control.with('one-row', { shape: [1, 3] }),
    control.with('vector', { shape: [3] }),
    control.with('three-axes', { shape: [2, 3, 4] }),
    control.with('no-rows', { shape: [0, 3] }),
    control.with('k-0', { shape: [5, 0], hasBias: true }),
    control.with('one-column', { width: 1 }),
    control.with('width-not-multiple-of-4', { width: 71 }),
    control.with('bias', { hasBias: true }),
    control.with('entries-that-are-none', { absent: 0.4, hasBias: true }),
    control.with('duplicates', { shape: [2, 3], given: [4, 4, 2, 7, 7, 7], hasBias: true }),
    control.with('list', { shape: [11], rows: 5, hasBias: true }),
    control.with('list-rows-without-entries', { shape: [4], rows: 6, given: [3, 41, 44, 79] }),
  ],
);

const call = (x: () => tf.Tensor, bias?: () => tf.Tensor) => () => {
  const indices = tf.tensor2d([[0, 1]], undefined, 'int32');
  sparseEncode(x(), tf.ones([4, 3]), indices, { bias: bias?.() as tf.Tensor1D | undefined });
};

export const calls: readonly CallCase[] = [
  {
    id: 'sparse-encode/other-width',
    call: call(() => tf.ones([1, 4])),
    error: 'RangeError: sparseEncode: x must be [1, 3] (as indices and dictionary), got [1, 4]',
  },
  {
    id: 'sparse-encode/other-rows',
    call: call(() => tf.ones([2, 3])),
    error: 'RangeError: sparseEncode: x must be [1, 3] (as indices and dictionary), got [2, 3]',
  },
  {
    id: 'sparse-encode/integers',
    call: call(() => tf.ones([1, 3], 'int32')),
    error: 'TypeError: sparseEncode: x must be float32, got int32',
  },
  {
    id: 'sparse-encode/bias-of-width',
    call: call(
      () => tf.ones([1, 3]),
      () => tf.ones([3]),
    ),
    error: 'RangeError: sparseEncode: bias must be [4] (features of dictionary), got [3]',
  },
  longSum('sparse-encode/long-bias-gradient', longBiasGradient, threadSumTerms * Math.fround(longSumTerm)),
];

/** Of one feature that is listed in every row. */
function longBiasGradient(): tf.Tensor {
  const x = tf.ones([threadSumTerms, 1]);
  const indices = tf.zeros([threadSumTerms, 1], 'int32');
  const encode = (bias: tf.Tensor) => sparseEncode(x, tf.ones([1, 1]), indices, { bias: bias as tf.Tensor1D });
  return tf.grad(encode)(tf.zeros([1]), tf.fill([threadSumTerms, 1], longSumTerm));
}
