import * as tf from '@tensorflow/tfjs-core';
import * as ops from '@tfjs-sparse/sparse-matmul';
import { threadSumTerms } from '../../src/long-sum.js';
import type { CallCase } from '../../src/run-call.js';

const inputs = 16;
const tenth = Math.fround(0.1); // whose float32 sum is off by 5e-4 at so many terms, added tile by tile
const tolerance = 2e-5; // sums of few float32 terms, then float64 ones, or sums of sums

export const calls: readonly CallCase[] = [
  { id: 'quantized-matmul/gradients-of-many-rows', call: checkGradients, error: null },
];

/** On webgpu one thread adds all rows and inputs of a group. */
function rowCount(): number {
  return tf.getBackend() === 'webgpu' ? Math.floor(threadSumTerms / inputs) : 200_000;
}

/** One group of the code 1 with scale 1 and zero point 0, which is a column of ones. */
async function checkGradients(): Promise<void> {
  const rows = rowCount();
  const groups = new ops.SparsityPattern([0, 1], [0], { inFeatures: 1, outFeatures: 1 });
  const codes = [0x11111111, 0x11111111];
  const weights = new ops.QuantizedWeights({
    inFeatures: inputs,
    outFeatures: 1,
    bits: 4,
    groupSize: 16,
    groups,
    codes,
  });
  const x: tf.Tensor2D = tf.fill([rows, inputs], tenth);
  const multiply = (scales: tf.Tensor, zeros: tf.Tensor) =>
    ops.quantizedMatMul(x, scales as tf.Tensor1D, zeros as tf.Tensor1D, weights);
  const [dScales, dZeros] = tf.grads(multiply)([tf.ones([1]), tf.zeros([1])]);
  const sums = [(await dScales.data())[0], -(await dZeros.data())[0]];
  const worst = Math.max(...sums.map((sum) => Math.abs(sum / (tenth * rows * inputs) - 1)));
  if (!(worst < tolerance)) throw new RangeError(`relative error must be below ${tolerance}, got ${worst}`);
}
