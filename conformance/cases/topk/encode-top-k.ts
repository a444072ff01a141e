import * as tf from '@tensorflow/tfjs-core';
import { encodeTopK } from '@tfjs-sparse/topk';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { CallCase } from '../../src/run-call.js';
import type { ExactTensor, ExactTensors, TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';

interface EncodeCase {
  /** Of x, without the last axis. */
  readonly rows: readonly number[];
  readonly width: number;
  readonly features: number;
  readonly k: number;
  readonly hasBias?: boolean;
  /** Features that are those before them once more: all products are equal then, in float32 too. */
  readonly twins?: readonly number[];
  /** Rows of the dictionary in which NaN stands. */
  readonly nanFeatures?: readonly number[];
  readonly seed: number;
}

interface EncodeAttrs {
  readonly k: number;
}

const tolerance = { output: 2e-6, gradient: 2e-6, reason: 'float32 sums of at most 300 products below 1' };

const encoding: TensorOperation<EncodeAttrs> = {
  op: 'encode-top-k',
  inputs: { x: 'float32', dictionary: 'float32', bias: 'float32' },
  optional: ['bias'],
  outputs: { values: 'float32', indices: 'int32' },
  attributes: { k: field.number },
  forward: ({ x, dictionary, bias }, { k }) => ({
    ...encodeTopK(x, dictionary as tf.Tensor2D, { k, bias: bias as tf.Tensor1D | undefined }),
  }),
  define(inputs, { k }) {
    const shape = [...inputs.x.shape.slice(0, -1), k];
    const chosen = chosenOf(inputs, k).flat();
    const values = chosen.map(({ value }) => value);
    return { values: { shape, values }, indices: { shape, values: chosen.map(({ feature }) => feature) } };
  },
  // Of the choice there are no finite differences where it changes.
  gradient({ values: dy }, inputs, { k }) {
    const { x, dictionary, bias } = inputs;
    const [features, width] = dictionary.shape;
    const [dx, dDictionary] = [x.values.map(() => 0), dictionary.values.map(() => 0)];
    const dBias = new Array<number>(features).fill(0);
    chosenOf(inputs, k).forEach((chosen, row) =>
      chosen.forEach(({ feature }, place) => {
        const gradient = dy.values[row * k + place];
        dBias[feature] += gradient;
        for (let column = 0; column < width; column++) {
          dx[row * width + column] += gradient * dictionary.values[feature * width + column];
          dDictionary[feature * width + column] += gradient * x.values[row * width + column];
        }
      }),
    );
    return { x: dx, dictionary: dDictionary, ...(bias && { bias: dBias }) };
  },
};

/** Per row, the greatest first. */
function chosenOf({ x, dictionary, bias }: ExactTensors, k: number) {
  const [features, width] = dictionary.shape;
  const rows = x.shape.slice(0, -1).reduce((product, size) => product * size, 1);
  return Array.from({ length: rows }, (_, row) => {
    const products = Array.from({ length: features }, (_unused, feature) => ({
      feature,
      value: productOf(x, row, dictionary, feature, width) + (bias?.values[feature] ?? 0),
    }));
    const isAbove = (a: number, b: number) => !Number.isNaN(b) && (Number.isNaN(a) || a > b);
    products.sort(
      (a, b) => Number(isAbove(b.value, a.value)) - Number(isAbove(a.value, b.value)) || a.feature - b.feature,
    );
    return products.slice(0, k);
  });
}

function productOf(x: ExactTensor, row: number, dictionary: ExactTensor, feature: number, width: number): number {
  let sum = 0;
  for (let column = 0; column < width; column++) {
    sum += x.values[row * width + column] * dictionary.values[feature * width + column];
  }
  return sum;
}

export const operation = defineTensorCases<EncodeCase, EncodeAttrs>(
  encoding,
  ({ rows, width, features, k, hasBias, twins = [], nanFeatures = [], seed }) => {
    const dictionary = drawTensor([features, width], seed + 1);
    const values = dictionary.values.map((value, i) => {
      const [feature, column] = [Math.floor(i / width), i % width];
      if (nanFeatures.includes(feature) && column === 0) return NaN;
      return twins.includes(feature) ? dictionary.values[i - width] : value;
    });
    const inputs = {
      x: drawTensor([...rows, width], seed),
      dictionary: { ...dictionary, values },
      ...(hasBias && { bias: drawTensor([features], seed + 2) }),
    };
    return {
      tolerance,
      inputs,
      attrs: { k },
      gradients: nanFeatures.length > 0 ? [] : Object.keys(inputs),
      seed: seed + 3,
    };
  },
  (control) => [
    control('four-of-fifty', { rows: [6], width: 12, features: 50, k: 4, seed: 4800 }),
    control.with('one-row', { rows: [1] }),
    control.with('vector', { rows: [] }),
    control.with('three-axes', { rows: [2, 3] }),
    control.with('no-rows', { rows: [0] }),
    control.with('k-0', { k: 0 }),
    control.with('k-1', { k: 1 }),
    control.with('k-is-features', { k: 50 }),
    control.with('one-feature', { features: 1, k: 1 }),
    control.with('features-multiple-of-8', { features: 48 }),
    control.with('width-1', { width: 1 }),
    control.with('width-not-multiple-of-4', { width: 71 }),
    control.with('bias', { hasBias: true }),
    control.with('no-columns-bias', { width: 0, hasBias: true }),
    control.with('rows-not-multiple-of-4', { rows: [37], features: 70, hasBias: true }),
    control.with('ties-between-twins', { twins: [1, 8, 9, 30, 49], k: 12 }),
    control.with('nan-is-greatest', { nanFeatures: [7, 41] }),
    control.with('more-nan-than-k', { nanFeatures: [3, 7, 20, 41, 44], k: 2 }),
    control.with('longer-than-a-list', { rows: [3], features: 700, k: 5, hasBias: true }),
    control.with('many-of-many', { rows: [3], features: 400, k: 130 }),
  ],
);

const refusal = (
  name: string,
  x: () => tf.Tensor,
  options: Parameters<typeof encodeTopK>[2],
  error: string,
): CallCase => ({
  id: `encode-top-k/${name}`,
  call: () => encodeTopK(x(), tf.ones([4, 3]), options),
  error,
});

export const calls: readonly CallCase[] = [
  refusal('other-width', () => tf.ones([2, 4]), { k: 1 }, 'RangeError: encodeTopK: the last axis of x must be 3 (width of dictionary), got 4'), // prettier-ignore
  refusal('integers', () => tf.ones([2, 3], 'int32'), { k: 1 }, 'TypeError: encodeTopK: x must be float32, got int32'),
  ...[5, -1, 1.5].map((k) =>
    refusal(
      `k-${k}`,
      () => tf.ones([2, 3]),
      { k },
      `RangeError: encodeTopK: k must be an integer from 0 to 4 (rows of dictionary), got ${k}`,
    ),
  ),
];
