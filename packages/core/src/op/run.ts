import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { engine, type NamedAttrMap, type NamedTensorMap, type Tensor } from '@tensorflow/tfjs-core';
import type { OpDefinition } from './definition.js';
import { residentTable } from './webgpu-scope.js';

/** Runs `op` on the current backend and records it for gradients. Absent optional inputs may be `undefined`. */
export function runOp<I extends string, A extends object>(
  op: OpDefinition<I, A>,
  inputs: Partial<Record<I, Tensor>>,
  attrs: A,
): Tensor {
  const present = Object.fromEntries(Object.entries(inputs).filter(([, tensor]) => tensor)) as NamedTensorMap;
  if (engine().backendName === 'webgpu') {
    for (const table of op.tables?.(attrs) ?? []) residentTable(engine().backend as WebGPUBackend, table);
  } else {
    for (const name in present) requireReadable(op.name, name, present[name]);
  }
  return engine().runKernel(op.name, present, attrs as unknown as NamedAttrMap) as Tensor;
}

/** tfjs would move the tensor by a synchronous read, which loses the device or gives wrong numbers on webgpu. */
function requireReadable(opName: string, inputName: string, tensor: Tensor): void {
  const holder: unknown = engine().state.tensorInfo.get(tensor.dataId)?.backend;
  // Not findBackend: that starts a backend that is only registered.
  if (holder && holder === engine().registry['webgpu']) {
    throw new Error(
      `${opName}: ${inputName} must be on the '${engine().backendName}' backend, got a tensor on 'webgpu'; ` +
        'read it with await data() and make a new tensor',
    );
  }
}
