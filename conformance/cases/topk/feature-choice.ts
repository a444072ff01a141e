import * as tf from '@tensorflow/tfjs-core';
import { featureChoice, zipfCounts } from '@tfjs-sparse/topk';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { CallCase } from '../../src/run-call.js';
import type { ExactTensor, TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';

interface ChoiceAttrs {
  readonly counts: readonly number[];
}

interface ChoiceCase extends ChoiceAttrs {
  readonly rows: number;
  readonly step?: number;
  readonly given?: Readonly<Record<number, number>>;
  readonly seed: number;
}

/** The places that fewer others of their column come before than it has entries, ascending. */
function chosenPlaces({ shape: [rows, features], values }: ExactTensor, counts: readonly number[]): number[] {
  const isAbove = (a: number, b: number) => (Number.isNaN(b) ? false : Number.isNaN(a) || a > b);
  const isBefore = (a: number, b: number) => isAbove(values[a], values[b]) || (a < b && !isAbove(values[b], values[a]));
  return [...values.keys()].filter((place) => {
    const column = Array.from({ length: rows }, (_, row) => row * features + (place % features));
    return column.filter((other) => isBefore(other, place)).length < counts[place % features];
  });
}

const choice: TensorOperation<ChoiceAttrs> = {
  op: 'feature-choice',
  inputs: { x: 'float32' },
  outputs: { values: 'float32', indices: 'int32' },
  attributes: { counts: field.numbers },
  forward: ({ x }, { counts }) => ({ ...featureChoice(x as tf.Tensor2D, { counts }) }),
  define({ x }, { counts }) {
    const places = chosenPlaces(x, counts);
    const shape = [places.length];
    return { values: { shape, values: places.map((place) => x.values[place]) }, indices: { shape, values: places } };
  },
  gradient({ values: dy }, { x }, { counts }) {
    const dx = x.values.map(() => 0);
    chosenPlaces(x, counts).forEach((place, i) => (dx[place] = dy.values[i]));
    return { x: dx };
  },
};

export const operation = defineTensorCases<ChoiceCase, ChoiceAttrs>(
  choice,
  ({ rows, counts, step, given = {}, seed }) => {
    const drawn = drawTensor([rows, counts.length], seed);
    const values = drawn.values.map((value, i) => given[i] ?? (step ? Math.round(value / step) * step : value));
    return {
      tolerance: { output: 0, gradient: 0, reason: 'values are copied' },
      inputs: { x: { ...drawn, values } },
      attrs: { counts },
      gradients: ['x'],
      seed: seed + 1,
    };
  },
  (control) => [
    control('uniform', { rows: 9, counts: [3, 3, 3, 3, 3], seed: 5600 }),
    control.with('of-each-feature', { counts: [5, 0, 1, 9, 2] }),
    control.with('none', { counts: [0, 0] }),
    control.with('ties', { step: 0.5 }),
    control.with('nan', { given: { 4: NaN, 9: NaN, 11: NaN } }),
    control.with('no-rows', { rows: 0, counts: [0, 0] }),
    control.with('no-features', { counts: [] }),
  ],
);

const refusal = (name: string, counts: number | readonly number[], error: string): CallCase => ({
  id: `feature-choice/${name}`,
  call: () => featureChoice(tf.ones([3, 2]), { counts }),
  error,
});

export const calls: readonly CallCase[] = [
  refusal('above-rows', 4, 'RangeError: featureChoice: counts must be integers from 0 to 3 (rows of x), got 4'),
  refusal('one-above-rows', [1, 4], 'RangeError: featureChoice: counts must be integers from 0 to 3 (rows of x), got 4'), // prettier-ignore
  refusal('of-other-features', [1], 'RangeError: featureChoice: counts must be one number or 2 (one for each feature), got 1'), // prettier-ignore
  {
    id: 'feature-choice/zipf-total',
    call: () => zipfCounts({ features: 2, total: 9, rows: 4 }),
    error: 'RangeError: zipfCounts: total must be an integer from 0 to 8 (features * rows), got 9',
  },
  {
    id: 'feature-choice/zipf-shares',
    call: () => {
      const counts = zipfCounts({ features: 4, total: 12, rows: 5 }).join();
      // 12 / (1 + 1/2 + 1/3 + 1/4) = 5.76: the first has all 5 rows, the others share 7 as 1/2 : 1/3 : 1/4.
      if (counts !== '5,3,2,2') throw new Error(`must be 5,3,2,2, got ${counts}`);
    },
    error: null,
  },
];
