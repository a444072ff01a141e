import { getBackend } from '@tensorflow/tfjs-core';
import { gpuAdapterName } from '@tfjs-sparse/core';

/** The active backend of tfjs; on webgpu with the adapter. */
export async function deviceName(): Promise<string> {
  const adapter = getBackend() === 'webgpu' ? await gpuAdapterName() : null;
  if (!adapter) return getBackend();
  return `webgpu (${adapter.name}${adapter.isSoftware ? '; software: the CPU does its work' : ''})`;
}
