import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { engine, type NamedAttrMap, type NamedTensorMap, type Tensor } from '@tensorflow/tfjs-core';
import { requireType } from '../errors.js';
import { bindOp } from './bind.js';
import type { Dtype, OpDefinition, OpTypes } from './definition.js';
import { requireReadable } from './host-values.js';
import { residentTable } from './webgpu-scope.js';

/**
 * Runs `op` on the current backend and records it for gradients.
 *
 * @param inputs by name; absent optional ones may be `undefined`
 * @returns the outputs by name
 * @throws TypeError for an input of another dtype than the definition's
 */
export function runOp<T extends OpTypes>(
  op: OpDefinition<T>,
  inputs: { readonly [Name in keyof T['inputs']]: Tensor },
  attrs: T['attrs'],
): { readonly [Name in keyof T['outputs']]: Tensor } {
  bindOp(op);
  const isOnGpu = engine().backendName === 'webgpu';
  const dtypes = op.inputs as Readonly<Record<string, Dtype>>;
  const given = inputs as Readonly<Record<string, Tensor | undefined>>;
  const present: NamedTensorMap = {};
  for (const name in given) {
    const tensor = given[name];
    if (!tensor) continue;
    const isRight = tensor.dtype === dtypes[name];
    if (!isRight) requireType(isRight, op.name, `${name} must be ${dtypes[name]}`, tensor.dtype);
    if (!isOnGpu) requireReadable(op.name, name, tensor);
    present[name] = tensor;
  }
  if (isOnGpu) {
    for (const table of op.tables?.(attrs) ?? []) residentTable(engine().backend as WebGPUBackend, table);
  }
  const results: Tensor[] = engine().runKernel(op.name, present, attrs as NamedAttrMap);
  const outputs = {} as { [Name in keyof T['outputs']]: Tensor };
  let next = 0;
  const isTaped = engine().state.gradientDepth > 0;
  for (const name in op.outputs) {
    const result = results[next++];
    outputs[name] = isTaped && result.dtype !== 'float32' ? moved(result) : result;
  }
  return outputs;
}

/**
 * An integer output off the tape: tfjs takes every output of an op for a function of all its inputs, and would ask whatever
 * reads indices for the gradient to them.
 */
function moved(tensor: Tensor): Tensor {
  const copy = stopGradient(tensor);
  tensor.dispose();
  return copy;
}

/** The same values as a tensor that no gradient leads back from: tfjs' tape does not know it. */
export function stopGradient<T extends Tensor>(tensor: T): T {
  const { backend } = engine().state.tensorInfo.get(tensor.dataId)!; // its own: the active one would move it
  const copy = engine().makeTensorFromTensorInfo(tensor, backend);
  backend.incRef(tensor.dataId); // the copy's own, which its dispose gives back
  return copy as T;
}
