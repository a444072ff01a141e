import * as tf from '@tensorflow/tfjs-core';
import { topK } from '@tfjs-sparse/topk';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { CallCase } from '../../src/run-call.js';
import type { ExactTensor, TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';

interface TopKCase {
  /** Of x, without the last axis. */
  readonly rows: readonly number[];
  readonly width: number;
  readonly k: number | readonly number[];
  /** Values are multiples of this; default none. */
  readonly step?: number;
  /** What stands at elements of x in place of what is drawn. */
  readonly given?: Readonly<Record<number, number>>;
  readonly hasGradient?: boolean;
  readonly seed: number;
}

interface TopKAttrs {
  readonly k: number | readonly number[];
}

const tolerance = { output: 0, gradient: 0, reason: 'values are copied' };

/** How many of a row. */
function countOf(k: TopKAttrs['k'], row: number): number {
  return typeof k === 'number' ? k : k[row];
}

function widthOf(k: TopKAttrs['k']): number {
  return typeof k === 'number' ? k : Math.max(...k);
}

/** For each row the indices of the k that fewest others come before, in this order. */
function greatestOf({ shape, values }: ExactTensor, k: TopKAttrs['k']): number[][] {
  const width = shape[shape.length - 1];
  const rows = shape.slice(0, -1).reduce((product, size) => product * size, 1);
  return Array.from({ length: rows }, (_, row) => {
    const ofRow = values.slice(row * width, (row + 1) * width);
    const isBefore = (a: number, b: number) => {
      if (Number.isNaN(ofRow[b])) return Number.isNaN(ofRow[a]) && a < b;
      return Number.isNaN(ofRow[a]) || ofRow[a] > ofRow[b] || (ofRow[a] === ofRow[b] && a < b);
    };
    const greatest = new Array<number>(countOf(k, row));
    ofRow.forEach((_value, index) => {
      const rank = ofRow.filter((_other, other) => isBefore(other, index)).length;
      if (rank < greatest.length) greatest[rank] = index;
    });
    return greatest;
  });
}

const counts: field.Field<TopKAttrs['k']> = (value, where) =>
  typeof value === 'number' ? value : field.numbers(value, where);

const selection: TensorOperation<TopKAttrs> = {
  op: 'top-k',
  inputs: { x: 'float32' },
  outputs: { values: 'float32', indices: 'int32' },
  attributes: { k: counts },
  forward: ({ x }, { k }) => ({ ...topK(x, { k }) }),
  define({ x }, { k }) {
    const shape = [...x.shape.slice(0, -1), widthOf(k)];
    const width = x.shape[x.shape.length - 1];
    const filledUp = (given: readonly number[], filler: number) =>
      Array.from({ length: widthOf(k) }, (_, place) => given[place] ?? filler);
    const greatest = greatestOf(x, k);
    const values = greatest.flatMap((indices, row) =>
      filledUp(
        indices.map((index) => x.values[row * width + index]),
        0,
      ),
    );
    return { values: { shape, values }, indices: { shape, values: greatest.flatMap((each) => filledUp(each, -1)) } };
  },
  // Where values are equal or NaN, finite differences are none.
  gradient({ values: dy }, { x }, { k }) {
    const width = x.shape[x.shape.length - 1];
    const dx = x.values.map(() => 0);
    greatestOf(x, k).forEach((indices, row) =>
      indices.forEach((index, place) => (dx[row * width + index] = dy.values[row * widthOf(k) + place])),
    );
    return { x: dx };
  },
};

export const operation = defineTensorCases<TopKCase, TopKAttrs>(
  selection,
  ({ rows, width, k, step, given, hasGradient = true, seed }) => {
    const drawn = drawTensor([...rows, width], seed);
    const values = drawn.values.map((value, i) => given?.[i] ?? (step ? Math.round(value / step) * step : value));
    return {
      tolerance,
      inputs: { x: { ...drawn, values } },
      attrs: { k },
      gradients: hasGradient ? ['x'] : [],
      seed: seed + 1,
    };
  },
  (control) => [
    control('five-of-forty', { rows: [6], width: 40, k: 5, seed: 4400 }),
    control.with('one-row', { rows: [1] }),
    control.with('vector', { rows: [] }),
    control.with('three-axes', { rows: [2, 3] }),
    control.with('more-rows-than-a-workgroup', { rows: [70] }),
    control.with('no-rows', { rows: [0] }),
    control.with('no-columns', { width: 0, k: 0 }),
    control.with('k-0', { k: 0 }),
    control.with('k-1', { k: 1 }),
    control.with('k-is-width', { k: 40 }),
    control.with('width-1', { width: 1, k: 1 }),
    control.with('width-not-multiple-of-4', { width: 71 }),
    control.with('ties', { step: 0.5, k: 12 }),
    control.with('all-equal', { step: 4 }),
    control.with('negative-zero-equals-zero', { rows: [1], width: 6, k: 4, given: { 0: -2, 1: -0, 2: 0, 3: -0, 4: -1, 5: 0 } }), // prettier-ignore
    control.with('nan-is-greatest', { given: { 3: NaN, 17: NaN, 39: NaN, 41: NaN } }),
    control.with('more-nan-than-k', { k: 2, given: { 3: NaN, 17: NaN, 20: NaN, 39: NaN } }),
    control.with('infinities', { given: { 3: Infinity, 17: -Infinity, 39: Infinity, 41: NaN, 42: Infinity } }),
    control.with('only-infinities-left', { rows: [1], width: 4, k: 3, given: { 0: -Infinity, 1: -Infinity, 2: -Infinity, 3: -1 } }), // prettier-ignore
    control.with('k-of-each-row', { k: [5, 0, 40, 1, 12, 3] }),
    control.with('k-of-each-row-all-0', { k: [0, 0, 0, 0, 0, 0] }),
    control.with('ties-across-chunks', { rows: [2], width: 2000, step: 0.5, k: 9 }),
    control.with('all-equal-wide', { rows: [1], width: 1900, step: 4, k: 3 }),
    control.with('most-of-a-wide-row', { rows: [2], width: 1700, k: 1600, hasGradient: false }),
    control.with('few-different-wide', { rows: [2], width: 5000, k: 900, step: 1, hasGradient: false }),
    control.with('nan-among-chunks', { rows: [1], width: 3000, k: 4, given: { 77: NaN, 2999: NaN, 31: Infinity, 1500: -Infinity } }), // prettier-ignore
    control.with('more-nan-than-k-wide', { rows: [1], width: 3000, k: 2, given: { 77: NaN, 78: NaN, 1700: NaN, 2999: NaN } }), // prettier-ignore
    control.with('many-of-a-wide-row', { rows: [2], width: 1500, k: 700 }),
    control.with('ties-many-of-a-wide-row', { rows: [1], width: 1500, k: 300, step: 0.25 }),
    control.with('last-chunk-shorter', { rows: [2], width: 1999, k: 8 }),
    control.with('large-width', { rows: [2], width: 5000, k: 32, hasGradient: false }),
  ],
);

const refusal = (name: string, x: () => tf.Tensor, k: TopKAttrs['k'], error: string): CallCase => ({
  id: `top-k/${name}`,
  call: () => topK(x(), { k }),
  error,
});

export const calls: readonly CallCase[] = [
  refusal('int32', () => tf.ones([2, 4], 'int32'), 2, 'TypeError: topK: x must be float32, got int32'),
  refusal('scalar', () => tf.scalar(1), 0, 'RangeError: topK: x must have at least 1 axis, got 0'),
  refusal('k-of-other-rows', () => tf.ones([2, 4]), [1, 2, 3], 'RangeError: topK: k must be one number or 2 (one for each row of x), got 3'), // prettier-ignore
  refusal('k-of-a-row-above-width', () => tf.ones([2, 4]), [1, 5], 'RangeError: topK: k must be an integer from 0 to 4 (the last axis of x), got 5'), // prettier-ignore
  refusal('k-of-a-row-a-fraction', () => tf.ones([2, 4]), [1, 0.5], 'RangeError: topK: k must be integers of 32 bits, got 0.5 at 1'), // prettier-ignore
  ...[5, -1, 1.5].map((k) =>
    refusal(
      `k-${k}`,
      () => tf.ones([2, 4]),
      k,
      `RangeError: topK: k must be an integer from 0 to 4 (the last axis of x), got ${k}`,
    ),
  ),
];
