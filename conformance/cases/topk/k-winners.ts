import * as tf from '@tensorflow/tfjs-core';
import type { SafetensorsTensor } from '@tfjs-sparse/core';
import { kWinners } from '@tfjs-sparse/topk';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { PeerCase, PeerReader } from '../../src/peer-goldens.js';
import type { CallCase } from '../../src/run-call.js';
import type { ExactTensor, TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';

interface WinnersAttrs {
  readonly k: number;
  readonly boost: number;
  readonly relu: boolean;
  readonly ties: 'lowerIndex' | 'all';
}

interface WinnersCase extends WinnersAttrs {
  readonly rows: number;
  readonly width: number;
  /** Values are multiples of this; default none. */
  readonly step?: number;
  readonly seed: number;
}

/** Whether each element of x wins. */
function winnersOf(x: ExactTensor, cycles: ExactTensor, { k, boost, relu, ties }: WinnersAttrs): boolean[] {
  const width = cycles.values.length;
  const boosted = x.values.map((value, i) => Math.fround(value * Math.exp(-boost * cycles.values[i % width])));
  return boosted.map((value, i) => {
    const row = i - (i % width);
    const before = boosted
      .slice(row, row + width)
      .filter((other, j) => other > value || (ties === 'lowerIndex' && other === value && row + j < i)).length;
    return before < k && !(relu && x.values[i] < 0);
  });
}

const winners: TensorOperation<WinnersAttrs> = {
  op: 'k-winners',
  inputs: { x: 'float32', dutyCycles: 'float32' },
  outputs: { y: 'float32' },
  attributes: { k: field.number, boost: field.number, relu: field.flag, ties: field.oneOf('lowerIndex', 'all') },
  forward: ({ x, dutyCycles }, attrs) => ({ y: kWinners(x, dutyCycles as tf.Tensor1D, attrs) }),
  define({ x, dutyCycles }, attrs) {
    const wins = winnersOf(x, dutyCycles, attrs);
    return { y: { shape: x.shape, values: x.values.map((value, i) => (wins[i] ? value : 0)) } };
  },
  gradient({ y: dy }, { x, dutyCycles }, attrs) {
    const wins = winnersOf(x, dutyCycles, attrs);
    return { x: dy.values.map((value, i) => (wins[i] ? value : 0)) };
  },
};

export const operation = defineTensorCases<WinnersCase, WinnersAttrs>(
  winners,
  ({ rows, width, step, seed, k, boost, relu, ties }) => {
    const drawn = drawTensor([rows, width], seed);
    const cycles = drawTensor([width], seed + 1);
    return {
      tolerance: { output: 0, gradient: 0, reason: 'values are copied' },
      inputs: {
        x: { ...drawn, values: drawn.values.map((value) => (step ? Math.round(value / step) * step : value)) },
        dutyCycles: { ...cycles, values: cycles.values.map((value) => Math.fround((value + 1) / 2)) },
      },
      attrs: { k, boost, relu, ties },
      gradients: ['x'],
      seed: seed + 2,
    };
  },
  (control) => [
    control('boosted', { rows: 6, width: 24, k: 5, boost: 1.5, relu: false, ties: 'lowerIndex', seed: 5500 }),
    control.with('not-boosted', { boost: 0 }),
    control.with('rectified', { k: 16, relu: true }),
    control.with('ties-lower-index', { boost: 0, step: 0.5 }),
    control.with('ties-all', { boost: 0, step: 0.5, ties: 'all' }),
    control.with('all-rectified', { k: 16, relu: true, ties: 'all' }),
    control.with('k-0', { k: 0 }),
    control.with('k-is-width', { k: 24 }),
    control.with('no-rows', { rows: 0 }),
  ],
);

const refusal = (name: string, cycles: () => tf.Tensor, k: number, boost: number, error: string): CallCase => ({
  id: `k-winners/${name}`,
  call: () => kWinners(tf.ones([2, 4]), cycles() as tf.Tensor1D, { k, boost }),
  error,
});

export const calls: readonly CallCase[] = [
  refusal('cycles-of-other-width', () => tf.ones([3]), 1, 1, 'RangeError: kWinners: dutyCycles must be [4] (the last axis of x), got [3]'), // prettier-ignore
  refusal('int32-cycles', () => tf.ones([4], 'int32'), 1, 1, 'TypeError: kWinners: dutyCycles must be float32, got int32'), // prettier-ignore
  refusal('negative-boost', () => tf.ones([4]), 1, -1, 'RangeError: kWinners: boost must be at least 0, got -1'),
  refusal('k-above-width', () => tf.ones([4]), 5, 1, 'RangeError: kWinners: k must be an integer from 0 to 4 (the last axis of x), got 5'), // prettier-ignore
];

/** Three steps of training and one of inference of numenta/nupic.torch. The duty cycles are those that it says. */
export const peers: PeerReader = (file, name) => {
  if (name !== 'kwinners_boosted') return null;
  const attributes = JSON.parse(file.metadata.get('attributes')!) as Record<string, number>;
  const { boost_strength: strength, boost_strength_factor: factor, steps, k, k_inference: inferenceK } = attributes;
  const tensor = (key: string) => file.tensors.get(key)!;
  const step = (key: string, index: number): SafetensorsTensor => {
    const { shape, values } = tensor(key);
    const [, ...rest] = shape;
    const size = rest.reduce((product, each) => product * each, 1);
    return { dtype: 'F32', shape: rest, values: (values as Float32Array).slice(index * size, (index + 1) * size) };
  };
  const width = tensor('in.x').shape[2];
  const cyclesBefore = (index: number): SafetensorsTensor =>
    index === 0 ? { dtype: 'F32', shape: [width], values: new Float32Array(width) } : step('out.duty_cycle', index - 1);
  const caseOf = (x: number, cycles: number, of: number, y: SafetensorsTensor): PeerCase => ({
    operation: winners,
    attrs: { k: of, boost: strength * factor ** cycles, relu: false, ties: 'all' },
    inputs: { x: step('in.x', x), dutyCycles: cyclesBefore(cycles) },
    outputs: { y },
    tolerance: { output: 0, gradient: 0, reason: 'values are copied' },
  });
  const training = Array.from({ length: steps }, (_, index) => caseOf(index, index, k, step('out.y', index)));
  const last = training.pop()!;
  return [
    ...training,
    { ...last, cotangents: { y: tensor('gout.y_last') }, gradients: { x: tensor('grad.x_last') } },
    caseOf(0, steps, inferenceK, tensor('out.y_inference')),
  ];
};
