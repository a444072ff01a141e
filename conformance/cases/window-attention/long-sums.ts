import * as tf from '@tensorflow/tfjs-core';
import { sparseTensor } from '@tfjs-sparse/core';
import { windowMean } from '@tfjs-sparse/window-attention';
import { longSum, longSumTerm, longSumTerms } from '../../src/long-sum.js';
import type { CallCase } from '../../src/run-call.js';

export const calls: readonly CallCase[] = [longSum('window-mean/long-mean', meanOfOneWindow, Math.fround(longSumTerm))];

function meanOfOneWindow(): tf.Tensor {
  const coordinates = new Int32Array(longSumTerms * 2);
  for (let site = 0; site < longSumTerms; site++) coordinates[site * 2 + 1] = site;
  const x = sparseTensor(tf.fill([longSumTerms, 3], longSumTerm), coordinates, { rank: 1 });
  return windowMean(x, { windowSize: [longSumTerms] }).features;
}
