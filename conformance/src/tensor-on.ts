import * as tf from '@tensorflow/tfjs-core';

/** All ones that a kernel of `backendName` computed, so that the values are there and nowhere else. */
export async function onesOn<R extends tf.Rank>(backendName: string, shape: tf.ShapeMap[R]): Promise<tf.Tensor<R>> {
  const here = tf.getBackend();
  await tf.setBackend(backendName);
  const ones: tf.Tensor<R> = tf.mul(tf.ones(shape), 1);
  await tf.setBackend(here);
  return ones;
}

/** The part of a `CallCase` for a call that hands `role` of `op` over on webgpu, whatever backend runs. */
export function refusedFromWebgpu(op: string, role: string) {
  return {
    unavailable: () => (tf.findBackendFactory('webgpu') ? null : 'no webgpu backend was opened'),
    error: (backendName: string) =>
      backendName === 'webgpu'
        ? null
        : `Error: ${op}: ${role} must be on the '${backendName}' backend, got a tensor on 'webgpu'; ` +
          'read it with await data() and make a new tensor',
  };
}
