import * as tf from '@tensorflow/tfjs-core';
import { reduceAxis, sparseTensor } from '@tfjs-sparse/sparse-conv';
import type { CallCase } from '../../src/run-call.js';
import { requireEqual, requireSites } from './shared/require-equal.js';

export const calls: readonly CallCase[] = [
  ...(['sum', 'mean', 'max'] as const).map((mode) => ({ id: `reduce-axis/${mode}`, call: reduced(mode), error: null })),
];

function reduced(mode: 'sum' | 'mean' | 'max') {
  return async (): Promise<void> => {
    const x = sparseTensor(tf.tensor2d([[1], [3], [5]]), [[0, 0, 1], [0, 1, 0], [0, 4, 1]], { rank: 2 }); // prettier-ignore
    const y = reduceAxis(x, 0, mode);
    requireSites(y, [0, 0, 0, 1]);
    await requireEqual('output', y.features, [3, { sum: 6, mean: 3, max: 5 }[mode]], 0);
  };
}
