import * as tf from '@tensorflow/tfjs-core';
import type { SparseFeatures, SparseOps } from '../src/ops.js';

/** Two channels on (0,0,0), (0,0,1) and (1,0,0) of one cloud. */
export function threeSites(ops: SparseOps): SparseFeatures {
  return ops.sparseTensor(tf.ones([3, 2]), Int32Array.of(0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0), { rank: 3 });
}
