import * as tf from '@tensorflow/tfjs-core';
import { batchTopK } from '@tfjs-sparse/topk';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { CallCase } from '../../src/run-call.js';
import type { ExactTensor, TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';

interface BatchCase {
  readonly shape: readonly number[];
  readonly k: number;
  /** Values are multiples of this; default none. */
  readonly step?: number;
  /** What stands at elements of x in place of what is drawn. */
  readonly given?: Readonly<Record<number, number>>;
  /** In place of what is drawn: the elements ascend. */
  readonly isSorted?: boolean;
  readonly hasGradient?: boolean;
  readonly seed: number;
}

interface BatchAttrs {
  readonly k: number;
}

const tolerance = { output: 0, gradient: 0, reason: 'values are copied' };

/** The places of the values that fewer than rows * k others come before. */
function keptOf({ shape, values }: ExactTensor, k: number): number[] {
  const rows = shape.slice(0, -1).reduce((product, size) => product * size, 1);
  const above = (a: number, b: number) => (Number.isNaN(b) ? false : Number.isNaN(a) || a > b);
  const order = values.map((_, i) => i);
  order.sort((a, b) => Number(above(values[b], values[a])) - Number(above(values[a], values[b])) || a - b);
  return order.slice(0, Math.floor(rows * k)).sort((a, b) => a - b);
}

const selection: TensorOperation<BatchAttrs> = {
  op: 'batch-top-k',
  inputs: { x: 'float32' },
  outputs: { values: 'float32', indices: 'int32' },
  attributes: { k: field.number },
  forward: ({ x }, { k }) => ({ ...batchTopK(x, { k }) }),
  define({ x }, { k }) {
    const kept = keptOf(x, k);
    const shape = [kept.length];
    return { values: { shape, values: kept.map((i) => x.values[i]) }, indices: { shape, values: kept } };
  },
  gradient({ values: dy }, { x }, { k }) {
    const dx = x.values.map(() => 0);
    keptOf(x, k).forEach((i, place) => (dx[i] = dy.values[place]));
    return { x: dx };
  },
};

export const operation = defineTensorCases<BatchCase, BatchAttrs>(
  selection,
  ({ shape, k, step, given, isSorted, hasGradient = true, seed }) => {
    const drawn = drawTensor(shape, seed);
    const values = drawn.values.map((value, i) => given?.[i] ?? (step ? Math.round(value / step) * step : value));
    return {
      tolerance,
      inputs: { x: { shape, values: isSorted ? values.sort((a, b) => a - b) : values } },
      attrs: { k },
      gradients: hasGradient ? ['x'] : [],
      seed: seed + 1,
    };
  },
  (control) => [
    control('three-of-forty', { shape: [6, 40], k: 3, seed: 4700 }),
    control.with('one-row', { shape: [1, 40] }),
    control.with('vector', { shape: [40] }),
    control.with('three-axes', { shape: [2, 3, 40] }),
    control.with('no-rows', { shape: [0, 40] }),
    control.with('no-columns', { shape: [6, 0], k: 0 }),
    control.with('k-0', { k: 0 }),
    control.with('a-share-of-one', { k: 0.5 }),
    control.with('fractions-rounded-down', { k: 1.3 }),
    control.with('k-is-width', { k: 40 }),
    control.with('width-1', { shape: [7, 1], k: 1 }),
    control.with('long', { shape: [40, 500], k: 2, hasGradient: false }),
    control.with('long-not-multiple-of-a-chunk', { shape: [39, 499], k: 1 }),
    control.with('ties', { step: 0.5 }),
    control.with('long-ties', { shape: [40, 500], k: 2, step: 0.5, hasGradient: false }),
    control.with('all-equal', { shape: [10, 900], k: 1, step: 4, hasGradient: false }),
    control.with('sorted', { shape: [40, 500], k: 2, isSorted: true, hasGradient: false }),
    control.with('negative-zero-equals-zero', { shape: [1, 6], k: 4, given: { 0: -2, 1: -0, 2: 0, 3: -0, 4: -1, 5: 0 } }), // prettier-ignore
    control.with('nan-is-greatest', {
      shape: [20, 500],
      k: 0.5,
      hasGradient: false,
      given: { 3: NaN, 517: NaN, 4039: NaN, 9999: NaN },
    }),
    control.with('more-nan-than-kept', { k: 0.4, given: { 3: NaN, 17: NaN, 20: NaN, 239: NaN } }),
    control.with('infinities', { shape: [20, 500], k: 0.2, hasGradient: false, given: { 3: Infinity, 17: -Infinity, 7739: Infinity, 41: NaN } }), // prettier-ignore
    control.with('only-negative-infinities-left', { shape: [1, 4], k: 3, given: { 0: -Infinity, 1: -Infinity, 2: -Infinity, 3: -1 } }), // prettier-ignore
  ],
);

const refusal = (name: string, x: () => tf.Tensor, k: number, error: string): CallCase => ({
  id: `batch-top-k/${name}`,
  call: () => batchTopK(x(), { k }),
  error,
});

export const calls: readonly CallCase[] = [
  refusal('int32', () => tf.ones([2, 4], 'int32'), 2, 'TypeError: batchTopK: x must be float32, got int32'),
  refusal('scalar', () => tf.scalar(1), 0, 'RangeError: batchTopK: x must have at least 1 axis, got 0'),
  ...[5, -1, NaN].map((k) =>
    refusal(
      `k-${k}`,
      () => tf.ones([2, 4]),
      k,
      `RangeError: batchTopK: k must be from 0 to 4 (the last axis of x), got ${k}`,
    ),
  ),
];
