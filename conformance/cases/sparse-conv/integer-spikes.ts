import * as tf from '@tensorflow/tfjs-core';
import { integerSpikes } from '@tfjs-sparse/sparse-conv';
import type { CallCase } from '../../src/run-call.js';
import { requireEqual } from './shared/require-equal.js';

export const calls: readonly CallCase[] = [{ id: 'integer-spikes/values-and-gradient', call: spikes, error: null }];

async function spikes(): Promise<void> {
  const x = tf.tensor1d([-1, 0, 0.25, 0.5, 1.49, 1.5, 3.75, 4, 9]);
  await requireEqual('output', integerSpikes(x), [0, 0, 0, 1, 1, 2, 4, 4, 4], 0);
  const gradient = tf.grad((values) => integerSpikes(values))(x, tf.fill([9], 3));
  await requireEqual('gradient', gradient, [0, 0, 3, 3, 3, 3, 3, 0, 0], 0);
}
