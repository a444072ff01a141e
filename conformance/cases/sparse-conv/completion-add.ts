import * as tf from '@tensorflow/tfjs-core';
import { completionAdd, sparseTensor } from '@tfjs-sparse/sparse-conv';
import type { CallCase } from '../../src/run-call.js';
import { requireEqual, requireSites } from './shared/require-equal.js';

export const calls: readonly CallCase[] = [{ id: 'completion-add/values', call: completed, error: null }];

/** x on 0 and 1, skip on 1, 2, 3 with 3 asked for. */
async function completed(): Promise<void> {
  const line = (values: number[], cells: number[]) =>
    sparseTensor(tf.tensor2d(values, [values.length, 1]), cells.map((cell) => [0, cell]), { rank: 1 }); // prettier-ignore
  const y = completionAdd(line([1, 2], [0, 1]), line([10, 20, 30], [1, 2, 3]), Uint8Array.of(0, 0, 1));
  requireSites(y, [0, 0, 0, 1, 0, 3]);
  await requireEqual('output', y.features, [1, 12, 30], 0);
}
