import * as tf from '@tensorflow/tfjs-core';
import * as ops from '@tfjs-sparse/sparse-matmul';
import type { CallCase } from '../../src/run-call.js';

/** Tensors that the products skipping zeros must refuse. */
export const calls: readonly CallCase[] = (['zeroSkipMatMul', 'activationSparseMatMul'] as const).flatMap((op) => {
  const call = (x: () => tf.Tensor, weights: () => tf.Tensor) => () => ops[op](x(), weights() as tf.Tensor2D);
  const folder = op === 'zeroSkipMatMul' ? 'zero-skip-matmul' : 'zero-skip-matmul/chosen';
  return [
    {
      id: `${folder}/other-inputs`,
      call: call(
        () => tf.ones([2, 3]),
        () => tf.ones([4, 5]),
      ),
      error: `RangeError: ${op}: the last axis of x must be 4 (inFeatures), got 3`,
    },
    {
      id: `${folder}/scalar`,
      call: call(
        () => tf.scalar(1),
        () => tf.ones([4, 5]),
      ),
      error: `RangeError: ${op}: x must have at least 1 axis, got 0`,
    },
    {
      id: `${folder}/weights-of-three-axes`,
      call: call(
        () => tf.ones([2, 4]),
        () => tf.ones([4, 5, 1]),
      ),
      error: `RangeError: ${op}: weights must be [inFeatures, outFeatures], got [4, 5, 1]`,
    },
    {
      id: `${folder}/integers`,
      call: call(
        () => tf.ones([2, 4], 'int32'),
        () => tf.ones([4, 5]),
      ),
      error: `TypeError: ${op}: x must be float32, got int32`,
    },
  ];
});
