import * as tf from '@tensorflow/tfjs-core';
import * as ops from '@tfjs-sparse/sparse-matmul';
import type { CallCase } from '../../src/run-call.js';
import { onesOn, refusedFromWebgpu } from '../../src/tensor-on.js';

/** Operands of products that live on another backend than the one that runs. */
export const calls: readonly CallCase[] = [
  {
    id: 'sparse-matmul/x-on-another-backend',
    call: async () => multiply(await onesOn(tf.getBackend() === 'cpu' ? 'wasm' : 'cpu', [2, 3])),
    error: null, // tfjs moves it
  },
  {
    id: 'sparse-matmul/x-cast-from-integers',
    call: () => multiply(tf.cast(tf.ones([2, 3], 'int32'), 'float32')),
    error: null, // tfjs' webgpu backend casts without changing the buffer
  },
  {
    id: 'sparse-matmul/x-cast-from-booleans',
    call: () => multiply(tf.cast(tf.ones([2, 3], 'bool'), 'float32'), tf.cast(tf.ones([2, 1], 'bool'), 'float32')),
    error: null,
  },
  {
    id: 'sparse-matmul/x-on-webgpu',
    call: async () => multiply(await onesOn('webgpu', [2, 3])),
    ...refusedFromWebgpu('sparseMatMul', 'x'),
  },
  {
    id: 'sparse-matmul/residual-on-webgpu',
    call: async () => multiply(tf.ones([2, 3]), await onesOn('webgpu', [2, 1])),
    ...refusedFromWebgpu('sparseMatMul', 'residual'),
  },
  {
    id: 'zero-skip-matmul/x-on-webgpu',
    call: async () => ops.activationSparseMatMul(await onesOn('webgpu', [4, 3]), tf.ones([3, 2])),
    ...refusedFromWebgpu('activationSparseMatMul', 'x'),
  },
];

/** Sums 3 ones. */
async function multiply(x: tf.Tensor, residual: tf.Tensor = tf.zeros([2, 1])): Promise<void> {
  const pattern = new ops.SparsityPattern([0, 3], [0, 1, 2], { inFeatures: 3, outFeatures: 1 });
  const values = await ops.sparseMatMul(x, tf.ones([3, 1]), pattern, { residual }).data();
  const isSum = values.every((value) => value >= 3 && value <= 4);
  if (!isSum) throw new RangeError(`sparse-matmul: outputs must be 3, or 4 with a residual, got [${values}]`);
}
