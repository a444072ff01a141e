import * as tf from '@tensorflow/tfjs-core';
import { linear, type LinearOptions } from '@tfjs-sparse/window-attention';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { CallCase } from '../../src/run-call.js';
import type { ExactTensors, TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import { normalShare } from './shared/exact-encoder.js';

interface LinearCase extends LinearOptions {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  /** A row that is NaN. */
  readonly hasNaN?: boolean;
  readonly isUnbiased?: boolean;
  readonly seed: number;
}

const product: TensorOperation<LinearOptions> = {
  op: 'linear',
  inputs: { x: 'float32', matrix: 'float32', bias: 'float32' },
  optional: ['bias'],
  outputs: { y: 'float32' },
  attributes: { activation: field.optional(field.oneOf('linear', 'relu', 'gelu')) },
  forward: ({ x, matrix, bias }, options) => ({
    y: linear(x as tf.Tensor2D, matrix as tf.Tensor2D, bias as tf.Tensor1D | undefined, options),
  }),
  define(inputs, { activation }) {
    const sums = sumsOf(inputs);
    const values = sums.map((sum) =>
      activation === 'gelu' ? sum * normalShare(sum) : activation === 'relu' && sum < 0 ? 0 : sum,
    );
    return { y: { shape: [inputs.x.shape[0], inputs.matrix.shape[1]], values } };
  },
  gradient({ y: dy }, inputs, { activation }) {
    const { x, matrix } = inputs;
    const [rows, inner] = x.shape;
    const columns = matrix.shape[1];
    const slopes = sumsOf(inputs).map((sum) => slopeOf(sum, activation));
    const of = dy.values.map((value, i) => value * slopes[i]);
    const gradients = { x: zeros(rows * inner), matrix: zeros(inner * columns), bias: zeros(columns) };
    of.forEach((value, at) => {
      const [row, column] = [Math.floor(at / columns), at % columns];
      gradients.bias[column] += value;
      for (let i = 0; i < inner; i++) {
        gradients.x[row * inner + i] += value * matrix.values[i * columns + column];
        gradients.matrix[i * columns + column] += value * x.values[row * inner + i];
      }
    });
    return gradients;
  },
};

function sumsOf({ x, matrix, bias }: ExactTensors): number[] {
  const [rows, inner] = x.shape;
  const columns = matrix.shape[1];
  return Array.from({ length: rows * columns }, (_, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns];
    let sum = bias?.values[column] ?? 0;
    for (let i = 0; i < inner; i++) sum += x.values[row * inner + i] * matrix.values[i * columns + column];
    return sum;
  });
}

function slopeOf(sum: number, activation: LinearOptions['activation']): number {
  if (activation === 'relu') return sum > 0 ? 1 : 0;
  if (activation !== 'gelu') return 1;
  return normalShare(sum) + (sum * Math.exp((-sum * sum) / 2)) / Math.sqrt(2 * Math.PI);
}

function zeros(length: number): number[] {
  return new Array<number>(length).fill(0);
}

const tolerance = { output: 2e-6, gradient: 1e-5, reason: 'sums of up to 300 float32 products' };

export const operation = defineTensorCases<LinearCase, LinearOptions>(
  product,
  ({ rows, inner, columns, activation, hasNaN, isUnbiased, seed }) => {
    const x = drawTensor([rows, inner], seed);
    const values = x.values.map((value, i) => (hasNaN && Math.floor(i / inner) === 1 ? NaN : value));
    return {
      tolerance,
      inputs: {
        x: { ...x, values },
        matrix: drawTensor([inner, columns], seed + 1),
        ...(!isUnbiased && { bias: drawTensor([columns], seed + 2) }),
      },
      attrs: { activation },
      gradients: hasNaN ? [] : ['x', 'matrix', ...(isUnbiased ? [] : ['bias'])],
      seed: seed + 3,
    };
  },
  (control) => [
    control('linear', { rows: 6, inner: 5, columns: 9, seed: 6700 }),
    control.with('relu', { activation: 'relu' }),
    control.with('gelu', { activation: 'gelu' }),
    control.with('whole-panels', { rows: 8, inner: 8, columns: 16, activation: 'gelu' }),
    control.with('more-than-a-tile', { rows: 67, columns: 3, activation: 'gelu' }),
    control.with('several-parts', { rows: 2500, inner: 2, columns: 3, activation: 'relu' }),
    control.with('one-row', { rows: 1 }),
    control.with('no-rows', { rows: 0, activation: 'gelu' }),
    control.with('one-channel', { inner: 1, columns: 1 }),
    control.with('no-bias', { isUnbiased: true, activation: 'gelu' }),
    control.with('row-of-nan', { hasNaN: true, activation: 'relu' }),
    control.with('row-of-nan-gelu', { hasNaN: true, activation: 'gelu' }),
  ],
);

export const calls: readonly CallCase[] = [
  {
    id: 'linear/int32',
    call: () => linear(tf.ones([2, 3], 'int32'), tf.ones([3, 4]), tf.ones([4])),
    error: 'TypeError: linear: x must be float32, got int32',
  },
  {
    id: 'linear/matrix',
    call: () => linear(tf.ones([2, 3]), tf.ones([4, 3]), tf.ones([3])),
    error: 'RangeError: linear: matrix must be [3, columns] (inner of x), got [4, 3]',
  },
  {
    id: 'linear/bias',
    call: () => linear(tf.ones([2, 3]), tf.ones([3, 4]), tf.ones([3])),
    error: 'RangeError: linear: bias must be [4] (columns of matrix), got [3]',
  },
  {
    id: 'linear/reshaped-matrix',
    async call() {
      const matrix = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
      const first = await linear(tf.ones([1, 2]), matrix, tf.zeros([3])).data();
      const second = await linear(tf.ones([1, 3]), tf.reshape(matrix, [3, 2]), tf.zeros([2])).data(); // the same data
      const isRight = [...first].join() === '5,7,9' && [...second].join() === '9,12';
      if (!isRight)
        throw new Error(`products must be 5,7,9 and 9,12, got ${[...first].join()} and ${[...second].join()}`);
    },
    error: null,
  },
  {
    id: 'linear/another-activation',
    call: () => linear(tf.ones([2, 3]), tf.ones([3, 4]), tf.ones([4]), { activation: 'swish' as 'relu' }),
    error: "RangeError: linear: activation must be 'linear', 'relu' or 'gelu', got swish",
  },
];
