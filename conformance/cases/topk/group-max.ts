import * as tf from '@tensorflow/tfjs-core';
import { groupMax } from '@tfjs-sparse/topk';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { CallCase } from '../../src/run-call.js';
import type { ExactTensor, TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';

interface GroupCase {
  readonly rows: readonly number[];
  readonly width: number;
  readonly k: number;
  readonly step?: number;
  readonly given?: Readonly<Record<number, number>>;
  readonly seed: number;
}

interface GroupAttrs {
  readonly k: number;
}

/** Of each group the place of the greatest in the flattened x: a NaN before any number, of equal ones the first. */
function greatestPlaces({ shape, values }: ExactTensor, k: number): number[] {
  const size = shape[shape.length - 1] / k;
  return Array.from({ length: values.length / size }, (_, group) => {
    let best = group * size;
    for (let place = best + 1; place < (group + 1) * size; place++) {
      if (Number.isNaN(values[best])) break;
      if (Number.isNaN(values[place]) || values[place] > values[best]) best = place;
    }
    return best;
  });
}

const maxima: TensorOperation<GroupAttrs> = {
  op: 'group-max',
  inputs: { x: 'float32' },
  outputs: { values: 'float32', indices: 'int32' },
  attributes: { k: field.number },
  forward: ({ x }, { k }) => ({ ...groupMax(x, { k }) }),
  define({ x }, { k }) {
    const width = x.shape[x.shape.length - 1];
    const places = greatestPlaces(x, k);
    const shape = [...x.shape.slice(0, -1), k];
    return {
      values: { shape, values: places.map((place) => x.values[place]) },
      indices: { shape, values: places.map((place) => place % width) },
    };
  },
  gradient({ values: dy }, { x }, { k }) {
    const dx = x.values.map(() => 0);
    greatestPlaces(x, k).forEach((place, i) => (dx[place] = dy.values[i]));
    return { x: dx };
  },
};

export const operation = defineTensorCases<GroupCase, GroupAttrs>(
  maxima,
  ({ rows, width, k, step, given = {}, seed }) => {
    const drawn = drawTensor([...rows, width], seed);
    const values = drawn.values.map((value, i) => given[i] ?? (step ? Math.round(value / step) * step : value));
    return {
      tolerance: { output: 0, gradient: 0, reason: 'values are copied' },
      inputs: { x: { ...drawn, values } },
      attrs: { k },
      gradients: ['x'],
      seed: seed + 1,
    };
  },
  (control) => [
    control('six-groups', { rows: [5], width: 24, k: 6, seed: 5300 }),
    control.with('one-group', { k: 1 }),
    control.with('groups-of-one', { k: 24 }),
    control.with('wide-groups', { rows: [2], width: 999, k: 3 }),
    control.with('three-axes', { rows: [2, 3] }),
    control.with('vector', { rows: [] }),
    control.with('no-rows', { rows: [0] }),
    control.with('ties', { step: 0.5 }),
    control.with('nan', { given: { 2: NaN, 3: NaN, 9: NaN } }),
  ],
);

const refusal = (name: string, x: () => tf.Tensor, k: number, error: string): CallCase => ({
  id: `group-max/${name}`,
  call: () => groupMax(x(), { k }),
  error,
});

export const calls: readonly CallCase[] = [
  refusal('int32', () => tf.ones([2, 4], 'int32'), 2, 'TypeError: groupMax: x must be float32, got int32'),
  ...[0, 3, 1.5, 8].map(
    (k) =>
    refusal(`k-${k}`, () => tf.ones([2, 4]), k, `RangeError: groupMax: k must be a divisor of 4 (the last axis of x), got ${k}`), // prettier-ignore
  ),
];
