import * as tf from '@tensorflow/tfjs-core';
import * as ops from '@tfjs-sparse/sparse-conv';
import type { CallCase } from '../../src/run-call.js';

const sites = 200000;
const tenth = Math.fround(0.1); // whose float32 sum is off by 2e-3 at so many terms, added one by one
const tolerance = 2e-5; // sums of 1024 equal float32 terms, then float64 ones, or sums of sums

export const calls: readonly CallCase[] = [
  { id: 'subm-depthwise-conv/filter-gradient-of-many-sites', call: checkFilterGradient, error: null },
];

/** A line of sites, so that the middle offset has a pair at every site and its neighbours at all but one. */
async function checkFilterGradient(): Promise<void> {
  const rows = Int32Array.from({ length: 2 * sites }, (_, i) => (i % 2 ? i >> 1 : 0));
  const { map } = ops.sparseTensor(tf.ones([sites, 1]), rows, { rank: 1 });
  const features: tf.Tensor2D = tf.fill([sites, 5], tenth);
  const x = ops.sparseTensor(features, map);
  const convolve = (filter: tf.Tensor2D) => ops.submDepthwiseConv(x, filter, { kernelSize: 3 }).features;
  const gradient = await tf
    .grad(convolve as (filter: tf.Tensor) => tf.Tensor)(tf.ones([3, 5]))
    .data();
  map.dispose();
  const worst = Math.max(...gradient.map((sum, i) => Math.abs(sum / (tenth * (sites - Number(i < 5 || i > 9))) - 1)));
  if (!(worst < tolerance)) throw new RangeError(`relative error must be below ${tolerance}, got ${worst}`);
}
