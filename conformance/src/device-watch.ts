import * as tf from '@tensorflow/tfjs-core';

/**
 * Listens to the WebGPU device of the active backend. A broken shader does not throw: without this a test reads zeros.
 *
 * @returns what to call when the work is done: the errors since, an empty list on other backends
 */
export function watchDevice(): () => Promise<string[]> {
  const device = deviceOf(tf.backend());
  if (!device) return () => Promise.resolve([]);
  const errors: string[] = [];
  const listen = (event: GPUUncapturedErrorEvent) => errors.push(`webgpu: ${event.error.message}`);
  device.addEventListener('uncapturederror', listen);
  return async () => {
    const lost = await Promise.race([device.lost, device.queue.onSubmittedWorkDone()]);
    device.removeEventListener('uncapturederror', listen);
    return lost ? [...errors, `webgpu: the device was lost (${lost.reason}): ${lost.message}`] : errors;
  };
}

function deviceOf(backend: unknown): GPUDevice | null {
  return tf.getBackend() === 'webgpu' ? (backend as { readonly device: GPUDevice }).device : null;
}
