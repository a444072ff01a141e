import * as tf from '@tensorflow/tfjs-core';
import { sparseMLP, type SparseMLPWeights } from '@tfjs-sparse/topk';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { CallCase } from '../../src/run-call.js';
import type { ExactTensors, TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';

interface MLPCase {
  /** Of x, without the last axis. */
  readonly rows: readonly number[];
  readonly width: number;
  readonly hiddenUnits: number;
  readonly units: number;
  readonly k: number;
  readonly hasBiases?: boolean;
  /** Added to every bias of a hidden unit. */
  readonly shift?: number;
  /** Hidden units whose pre-activations are those of the unit before them. */
  readonly twins?: readonly number[];
  readonly seed: number;
}

interface MLPAttrs {
  readonly k: number;
}

const tolerance = { output: 2e-6, gradient: 4e-6, reason: 'float32 sums of at most 300 products below 4' };

const mlp: TensorOperation<MLPAttrs> = {
  op: 'sparse-mlp',
  inputs: { x: 'float32', up: 'float32', upBias: 'float32', down: 'float32', downBias: 'float32' },
  optional: ['upBias', 'downBias'],
  outputs: { y: 'float32' },
  attributes: { k: field.number },
  forward: ({ x, ...weights }, { k }) => ({ y: sparseMLP(x, weights as object as SparseMLPWeights, { k }) }),
  define(inputs, { k }) {
    const { x, down, downBias } = inputs;
    const units = down.shape[1];
    const values = activeOf(inputs, k).flatMap((active) =>
      Array.from({ length: units }, (_, unit) =>
        active.reduce(
          (sum, { hidden, value }) => sum + value * down.values[hidden * units + unit],
          downBias?.values[unit] ?? 0,
        ),
      ),
    );
    return { y: { shape: [...x.shape.slice(0, -1), units], values } };
  },
  // Of the choice there are no finite differences where it changes.
  gradient({ y: dy }, inputs, { k }) {
    const { x, up, upBias, down, downBias } = inputs;
    const [[, width], [, units]] = [up.shape, down.shape];
    const [dx, dUp, dDown] = [x, up, down].map(({ values }) => values.map(() => 0));
    const dUpBias = up.values.slice(0, up.shape[0]).map(() => 0);
    const dDownBias = Array.from({ length: units }, () => 0);
    activeOf(inputs, k).forEach((active, row) => {
      const slopes = dy.values.slice(row * units, (row + 1) * units);
      slopes.forEach((slope, unit) => (dDownBias[unit] += slope));
      for (const { hidden, value } of active) {
        let slope = 0;
        for (let unit = 0; unit < units; unit++) {
          slope += slopes[unit] * down.values[hidden * units + unit];
          dDown[hidden * units + unit] += slopes[unit] * value;
        }
        dUpBias[hidden] += slope;
        for (let column = 0; column < width; column++) {
          dx[row * width + column] += slope * up.values[hidden * width + column];
          dUp[hidden * width + column] += slope * x.values[row * width + column];
        }
      }
    });
    const biases = { ...(upBias && { upBias: dUpBias }), ...(downBias && { downBias: dDownBias }) };
    return { x: dx, up: dUp, down: dDown, ...biases };
  },
};

/** Per row, the hidden units that are kept and positive. */
function activeOf({ x, up, upBias }: ExactTensors, k: number) {
  const [hiddenUnits, width] = up.shape;
  const rows = x.shape.slice(0, -1).reduce((product, size) => product * size, 1);
  return Array.from({ length: rows }, (_, row) => {
    const all = Array.from({ length: hiddenUnits }, (_unused, hidden) => {
      let value = upBias?.values[hidden] ?? 0;
      for (let column = 0; column < width; column++) {
        value += x.values[row * width + column] * up.values[hidden * width + column];
      }
      return { hidden, value };
    });
    all.sort((a, b) => b.value - a.value || a.hidden - b.hidden);
    return all.slice(0, k).filter(({ value }) => value > 0);
  });
}

export const operation = defineTensorCases<MLPCase, MLPAttrs>(
  mlp,
  ({ rows, width, hiddenUnits, units, k, hasBiases, shift = 0, twins = [], seed }) => {
    const up = drawTensor([hiddenUnits, width], seed + 1);
    const bias = drawTensor([hiddenUnits], seed + 2);
    const source = (unit: number) => (twins.includes(unit) ? unit - 1 : unit);
    const upValues = up.values.map((_, i) => up.values[source(Math.floor(i / width)) * width + (i % width)]);
    const biasValues = bias.values.map((_, unit) => Math.fround(bias.values[source(unit)] + shift));
    const inputs = {
      x: drawTensor([...rows, width], seed),
      up: { ...up, values: upValues },
      ...(hasBiases && { upBias: { ...bias, values: biasValues } }),
      down: drawTensor([hiddenUnits, units], seed + 3),
      ...(hasBiases && { downBias: drawTensor([units], seed + 4) }),
    };
    return { tolerance, inputs, attrs: { k }, gradients: Object.keys(inputs), seed: seed + 5 };
  },
  (control) => [
    control('five-of-forty', { rows: [6], width: 12, hiddenUnits: 40, units: 12, k: 5, seed: 5600 }),
    control.with('one-row', { rows: [1] }),
    control.with('vector', { rows: [] }),
    control.with('three-axes', { rows: [2, 3] }),
    control.with('no-rows', { rows: [0] }),
    control.with('k-0', { k: 0, hasBiases: true }),
    control.with('k-1', { k: 1 }),
    control.with('k-is-all', { k: 40, hasBiases: true }),
    control.with('one-hidden-unit', { hiddenUnits: 1, k: 1 }),
    control.with('biases', { hasBiases: true }),
    control.with('fewer-positive-than-k', { k: 20, hasBiases: true, shift: -2 }),
    control.with('none-positive', { hasBiases: true, shift: -40 }),
    control.with('other-units', { units: 7, hasBiases: true }),
    control.with('one-unit', { units: 1 }),
    control.with('width-1', { width: 1, hasBiases: true }),
    control.with('width-not-multiple-of-4', { width: 71, units: 71, hasBiases: true }),
    control.with('rows-not-multiple-of-4', { rows: [37], hasBiases: true }),
    control.with('ties-between-twins', { twins: [1, 8, 9, 30, 39], k: 7, hasBiases: true }),
    control.with('longer-than-a-list', { rows: [3], hiddenUnits: 700, hasBiases: true }),
    control.with('many-of-many', { rows: [3], hiddenUnits: 400, k: 130, hasBiases: true }),
  ],
);

type Shapes = Partial<Record<keyof SparseMLPWeights | 'x', readonly number[]>>;

/** Of x `[2, 3]` and four hidden units, with tensors of other shapes. */
const refusal = (name: string, shapes: Shapes, k: number, error: string): CallCase => ({
  id: `sparse-mlp/${name}`,
  call: () => {
    const tensors = Object.entries({ x: [2, 3], up: [4, 3], down: [4, 3], ...shapes }).map(([role, shape]) => [
      role,
      tf.ones([...shape]),
    ]);
    const { x, ...weights } = Object.fromEntries(tensors) as SparseMLPWeights & { x: tf.Tensor };
    sparseMLP(x, weights, { k });
  },
  error,
});

export const calls: readonly CallCase[] = [
  refusal('other-width', { x: [2, 4] }, 1, 'RangeError: sparseMLP: the last axis of x must be 3 (width of up), got 4'),
  refusal('scalar', { x: [] }, 1, 'RangeError: sparseMLP: x must have at least 1 axis, got 0'),
  refusal('up-vector', { up: [4] }, 1, 'RangeError: sparseMLP: up must be [hiddenUnits, width], got [4]'),
  refusal('down-transposed', { down: [5, 4] }, 1, 'RangeError: sparseMLP: down must have 4 rows (as up), got 5'),
  refusal('up-bias-of-units', { upBias: [3] }, 1, 'RangeError: sparseMLP: upBias must be [4] (rows of up), got [3]'),
  refusal('down-bias-of-hidden', { downBias: [4] }, 1, 'RangeError: sparseMLP: downBias must be [3] (columns of down), got [4]'), // prettier-ignore
  ...[5, -1, 1.5].map((k) =>
    refusal(`k-${k}`, {}, k, `RangeError: sparseMLP: k must be an integer from 0 to 4 (rows of up), got ${k}`),
  ),
  {
    id: 'sparse-mlp/integers',
    call: () => sparseMLP(tf.ones([2, 3], 'int32'), { up: tf.ones([4, 3]), down: tf.ones([4, 3]) }, { k: 1 }),
    error: 'TypeError: sparseMLP: x must be float32, got int32',
  },
];
