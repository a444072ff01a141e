import * as tf from '@tensorflow/tfjs-core';

/** The part of a GPUDevice that is watched. */
export interface WatchedDevice extends EventTarget {
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
  readonly queue: { onSubmittedWorkDone(): Promise<undefined> };
}

/**
 * Listens to a WebGPU device. A broken shader does not throw: without this a test reads zeros.
 *
 * @returns what to call when the work is done: the errors since, an empty list without a device
 */
export function watchDevice(device: WatchedDevice | null): () => Promise<string[]> {
  if (!device) return () => Promise.resolve([]);
  const errors: string[] = [];
  const listen = (event: Event) => {
    errors.push(`webgpu: ${(event as GPUUncapturedErrorEvent).error.message}`);
  };
  device.addEventListener('uncapturederror', listen);
  return async () => {
    const lost = await Promise.race([device.lost, device.queue.onSubmittedWorkDone()]);
    device.removeEventListener('uncapturederror', listen);
    return lost ? [...errors, `webgpu: the device was lost (${lost.reason}): ${lost.message}`] : errors;
  };
}

/** The device of the active backend, or null where it is not webgpu. */
export function activeDevice(): WatchedDevice | null {
  if (tf.getBackend() !== 'webgpu') return null;
  return (tf.backend() as tf.KernelBackend & { readonly device: WatchedDevice }).device;
}
