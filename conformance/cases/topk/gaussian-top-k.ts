import * as tf from '@tensorflow/tfjs-core';
import { gaussianTopK } from '@tfjs-sparse/topk';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { CallCase } from '../../src/run-call.js';
import type { TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';

interface GaussianCase {
  readonly rows: readonly number[];
  readonly width: number;
  /** The share and the z of Python's statistics.NormalDist().inv_cdf(1 - share). */
  readonly cut: readonly [share: number, z: number];
  readonly seed: number;
}

interface GaussianAttrs {
  readonly share: number;
  readonly z: number;
}

const gaussian: TensorOperation<GaussianAttrs> = {
  op: 'gaussian-top-k',
  inputs: { x: 'float32' },
  outputs: { y: 'float32' },
  attributes: { share: field.number, z: field.number },
  forward: ({ x }, { share }) => ({ y: gaussianTopK(x, { share }) }),
  define({ x }, { z }) {
    const width = x.shape[x.shape.length - 1];
    const values = x.values.map((value, i) => {
      const row = x.values.slice(i - (i % width), i - (i % width) + width);
      const mean = row.reduce((sum, each) => sum + each, 0) / width;
      const variance = row.reduce((sum, each) => sum + (each - mean) ** 2, 0) / width;
      return Math.max(0, value - (mean + z * Math.sqrt(variance)));
    });
    return { y: { shape: x.shape, values } };
  },
};

export const operation = defineTensorCases<GaussianCase, GaussianAttrs>(
  gaussian,
  ({ rows, width, cut: [share, z], seed }) => ({
    tolerance: { output: 1e-5, gradient: 1e-4, reason: 'mean and deviation are float32 sums' },
    inputs: { x: drawTensor([...rows, width], seed) },
    attrs: { share, z },
    gradients: ['x'],
    seed: seed + 1,
  }),
  (control) => [
    control('a-twentieth', { rows: [4], width: 60, cut: [0.05, 1.6448536269514715], seed: 5400 }),
    control.with('a-half', { cut: [0.5, 0] }),
    control.with('most', { cut: [0.9, -1.2815515655446008] }),
    control.with('a-hundredth', { width: 300, cut: [0.01, 2.3263478740408408] }),
    control.with('three-axes', { rows: [2, 2] }),
    control.with('no-rows', { rows: [0] }),
  ],
);

const refusal = (name: string, x: () => tf.Tensor, share: number, error: string): CallCase => ({
  id: `gaussian-top-k/${name}`,
  call: () => gaussianTopK(x(), { share }),
  error,
});

export const calls: readonly CallCase[] = [
  refusal('int32', () => tf.ones([2, 4], 'int32'), 0.5, 'TypeError: gaussianTopK: x must be float32, got int32'),
  refusal('no-columns', () => tf.ones([2, 0]), 0.5, 'RangeError: gaussianTopK: the last axis of x must not be empty, got [2, 0]'), // prettier-ignore
  ...[0, 1, NaN].map(
    (share) =>
    refusal(`share-${share}`, () => tf.ones([2, 4]), share, `RangeError: gaussianTopK: share must be above 0 and below 1, got ${share}`), // prettier-ignore
  ),
];
