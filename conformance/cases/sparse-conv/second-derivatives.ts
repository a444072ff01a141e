import * as tf from '@tensorflow/tfjs-core';
import { globalPool, siteBatchNorm, sparseMaxPool, sparseTensor } from '@tfjs-sparse/sparse-conv';
import type { SparseTensor } from '@tfjs-sparse/core';
import type { CallCase } from '../../src/run-call.js';

const sites = [
  [0, 0],
  [0, 1],
  [0, 2],
  [0, 5],
  [1, 0],
  [1, 1],
];
const features = [
  [1, -2],
  [3, -2],
  [0.5, 4],
  [2, 1],
  [-1, 0],
  [-1, 0.5],
];

/** The derivative of the sum of squares of the gradient of sum(y^2): for y = m, one maximum, 8 m, for n equal ones 8 m / n^2. */
export const calls: readonly CallCase[] = [
  secondDerivative(
    'sparse-pool/second-derivative-of-max',
    (x) => sparseMaxPool(x, { poolSize: 2 }).features, // windows 0-1, 2-3, 4-5 of cloud 0 and 0-1 of cloud 1
    [
      [0, -16],
      [24, 0],
      [4, 32],
      [16, 8],
      [-8, 0],
      [0, 4],
    ],
  ),
  secondDerivative('global-pool/second-derivative-of-max', (x) => globalPool(x, 'max'), [
    [0, 0],
    [24, 0],
    [0, 32],
    [0, 0],
    [-2, 0],
    [-2, 4],
  ]),
  secondDerivative(
    'site-batch-norm/second-derivative',
    (x) => tf.tidy(() => siteBatchNorm(x.features, tf.tensor1d([2, 0.5]), tf.tensor1d([1, -1]), 0.25).y),
    [
      [-0.1567697, 0.0005221],
      [-1.4109275, 0.0005221],
      [0.1567697, -0.0008701],
      [-0.7838486, -0.000174],
      [1.0973881, 0.000058],
      [1.0973881, -0.000058],
    ], // central differences in float64
  ),
];

function secondDerivative(id: string, op: (x: SparseTensor) => tf.Tensor, right: number[][]): CallCase {
  return {
    id,
    async call() {
      const { map } = sparseTensor(tf.tensor2d(features), sites);
      const slope = tf.grad((x) => tf.sum(tf.square(op(sparseTensor(x as tf.Tensor2D, map)))));
      const dx = tf.grad((x) => tf.sum(tf.square(slope(x))))(tf.tensor2d(features));
      const values = await dx.data();
      const wrong = right.flat().findIndex((value, i) => !(Math.abs(values[i] - value) <= 1e-5));
      if (wrong < 0) return;
      throw new RangeError(`${id}: element ${wrong} must be ${right.flat()[wrong]}, got [${values}]`);
    },
    error: null,
  };
}
