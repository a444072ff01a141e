import * as tf from '@tensorflow/tfjs-core';
import { jumpReLU, jumpStep } from '@tfjs-sparse/topk';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { CallCase } from '../../src/run-call.js';
import type { TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';

interface JumpCase {
  readonly rows: readonly number[];
  readonly features: number;
  readonly bandwidth: number;
  readonly given?: Readonly<Record<number, number>>;
  readonly seed: number;
}

interface JumpAttrs {
  readonly bandwidth: number;
}

const jumps: TensorOperation<JumpAttrs> = {
  op: 'jump-relu',
  inputs: { x: 'float32', threshold: 'float32' },
  outputs: { y: 'float32', active: 'float32' },
  attributes: { bandwidth: field.number },
  forward: ({ x, threshold }, attrs) => ({
    y: jumpReLU(x, threshold as tf.Tensor1D, attrs),
    active: jumpStep(x, threshold as tf.Tensor1D, attrs),
  }),
  define({ x, threshold }) {
    const isAbove = x.values.map((value, i) => value > threshold.values[i % threshold.values.length]);
    return {
      y: { shape: x.shape, values: x.values.map((value, i) => (isAbove[i] ? value : 0)) },
      active: { shape: x.shape, values: isAbove.map(Number) },
    };
  },
  // The paper's estimates, equations 11 and 12: the definition itself has no derivative at the threshold.
  gradient({ y: dy, active: dActive }, { x, threshold }, { bandwidth }) {
    const features = threshold.values.length;
    const dThreshold = new Array<number>(features).fill(0);
    const dx = x.values.map((value, i) => {
      const limit = threshold.values[i % features];
      const isInside = Math.abs((value - limit) / bandwidth) < 0.5;
      if (isInside) dThreshold[i % features] -= (limit * dy.values[i] + dActive.values[i]) / bandwidth;
      return value > limit ? dy.values[i] : 0;
    });
    return { x: dx, threshold: dThreshold };
  },
};

export const operation = defineTensorCases<JumpCase, JumpAttrs>(
  jumps,
  ({ rows, features, bandwidth, given = {}, seed }) => {
    const x = drawTensor([...rows, features], seed);
    const threshold = drawTensor([features], seed + 1);
    return {
      tolerance: { output: 0, gradient: 1e-5, reason: 'values are copied; gradients of a threshold are float32 sums' },
      inputs: {
        x: { ...x, values: x.values.map((value, i) => given[i] ?? value) },
        threshold: { ...threshold, values: threshold.values.map((value) => Math.fround(Math.abs(value) / 2)) },
      },
      attrs: { bandwidth },
      gradients: ['x', 'threshold'],
      differentiated: x.values.length > 0 ? undefined : ['y'], // tfjs' webgpu backend multiplies no empty tensors
      seed: seed + 2,
    };
  },
  (control) => [
    control('wide-window', { rows: [8], features: 12, bandwidth: 0.5, seed: 5200 }),
    control.with('narrow-window', { rows: [40], bandwidth: 0.125 }),
    control.with('three-axes', { rows: [2, 3] }),
    control.with('vector', { rows: [] }),
    control.with('no-rows', { rows: [0] }),
    control.with('many-rows', { rows: [3000], features: 3 }),
    control.with('infinities', { given: { 0: Infinity, 1: -Infinity } }),
  ],
);

const refusal = (name: string, x: () => tf.Tensor, threshold: () => tf.Tensor, bandwidth: number, error: string) => ({
  id: `jump-relu/${name}`,
  call: () => jumpReLU(x(), threshold() as tf.Tensor1D, { bandwidth }),
  error,
});

export const calls: readonly CallCase[] = [
  refusal('int32', () => tf.ones([2, 4], 'int32'), () => tf.ones([4]), 1, 'TypeError: jumpReLU: x must be float32, got int32'), // prettier-ignore
  refusal('threshold-of-other-width', () => tf.ones([2, 4]), () => tf.ones([3]), 1, 'RangeError: jumpReLU: threshold must be [4] (the last axis of x), got [3]'), // prettier-ignore
  refusal('int32-threshold', () => tf.ones([2, 4]), () => tf.ones([4], 'int32'), 1, 'TypeError: jumpReLU: threshold must be float32, got int32'), // prettier-ignore
  refusal('bandwidth-0', () => tf.ones([2, 4]), () => tf.ones([4]), 0, 'RangeError: jumpReLU: bandwidth must be above 0, got 0'), // prettier-ignore
];
