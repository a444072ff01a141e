import * as tf from '@tensorflow/tfjs-core';
import { heightCompression, sparseTensor, toDense } from '@tfjs-sparse/sparse-conv';
import type { CallCase } from '../../src/run-call.js';
import { requireEqual } from './shared/require-equal.js';

/** Against the grid, transposed. */
export const calls: readonly CallCase[] = [
  ...[0, 1, 2].map((axis) => ({ id: `height-compression/axis-${axis}`, call: stacked(axis), error: null })),
];

function stacked(axis: number) {
  return async (): Promise<void> => {
    const x = sparseTensor(tf.tensor2d([[1, 2], [3, 4], [5, 6]]), [[0, 0, 1, 2], [0, 1, 0, 1], [1, 1, 1, 0]], { rank: 3 }); // prettier-ignore
    const spatialShape = [2, 2, 3];
    const dense = toDense(x, { spatialShape, origin: [0, 0, 0] });
    const others = [1, 2, 3].filter((each) => each !== 1 + axis);
    const expected = tf.reshape(tf.transpose(dense, [0, ...others, 1 + axis, 4]), [
      2,
      ...others.map((each) => spatialShape[each - 1]),
      spatialShape[axis] * 2,
    ]);
    const actual = heightCompression(x, { axis, spatialShape });
    if (String(actual.shape) !== String(expected.shape)) {
      throw new RangeError(`shape must be [${expected.shape}], got [${actual.shape}]`);
    }
    await requireEqual('output', actual, await expected.data(), 0);
  };
}
