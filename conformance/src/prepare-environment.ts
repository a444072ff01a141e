import * as tf from '@tensorflow/tfjs-core';

/** Tells tfjs, once a backend is active, to check every kernel for leaks and to forward no webgpu kernel to the host. */
export function prepareEnvironment(): void {
  tf.env().set('IS_TEST', true);
  if (tf.getBackend() === 'webgpu') tf.env().set('WEBGPU_CPU_FORWARD', false);
}
