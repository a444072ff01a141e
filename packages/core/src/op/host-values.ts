import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { engine, type Tensor, type TypedArray } from '@tensorflow/tfjs-core';
import { requireType } from '../errors.js';

/**
 * Throws where another backend than webgpu runs and the tensor is on webgpu: tfjs would move it by a synchronous read,
 * which loses the device or gives wrong numbers. For tensors that go to tfjs' own ops before `runOp` sees them.
 */
export function requireReadable(op: string, role: string, tensor: Tensor): void {
  const { backendName } = engine();
  if (backendName === 'webgpu' || !webgpuHolder(tensor)) return;
  throw new Error(
    `${op}: ${role} must be on the '${backendName}' backend, got a tensor on 'webgpu'; ` +
      'read it with await data() and make a new tensor',
  );
}

/**
 * The values of a tensor that was made from host values (a weight that was loaded): such values stay on the host on
 * every backend, so nothing is read from a device.
 *
 * @throws TypeError for what a device computed on webgpu, where a synchronous read loses the device
 */
export function hostValues(tensor: Tensor, op: string, role: string): TypedArray {
  const values = readableValues(tensor);
  const rule = `${role} must be made from host values (read it with await data())`;
  requireType(values !== null, op, rule, 'a tensor that the device computed');
  return values;
}

/** The values of a tensor where they can be had at once; null for what a device computed on webgpu. */
export function readableValues(tensor: Tensor): TypedArray | null {
  const webgpu = webgpuHolder(tensor);
  return webgpu && webgpu.tensorMap.get(tensor.dataId).values == null ? null : tensor.dataSync();
}

/** The webgpu backend where it holds the tensor. */
function webgpuHolder(tensor: Tensor): WebGPUBackend | null {
  const holder: unknown = engine().state.tensorInfo.get(tensor.dataId)?.backend;
  // Not findBackend: that starts a backend that is only registered.
  return holder && holder === engine().registry['webgpu'] ? (holder as WebGPUBackend) : null;
}
