import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { engine, type Tensor, type TypedArray } from '@tensorflow/tfjs-core';
import { requireType } from '../errors.js';

/**
 * The values of a tensor that was made from host values (a weight that was loaded): such values stay on the host on
 * every backend, so nothing is read from a device.
 *
 * @throws TypeError for what a device computed on webgpu, where a synchronous read loses the device
 */
export function hostValues(tensor: Tensor, op: string, role: string): TypedArray {
  const holder: unknown = engine().state.tensorInfo.get(tensor.dataId)?.backend;
  if (holder === engine().registry['webgpu']) {
    const { values } = (holder as WebGPUBackend).tensorMap.get(tensor.dataId);
    requireType(values != null, op, `${role} must be made from host values`, 'a tensor that the device computed');
  }
  return tensor.dataSync();
}
