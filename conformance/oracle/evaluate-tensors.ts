import type { SafetensorsTensor } from '@tfjs-sparse/core';
import {
  cotangentName,
  outputTensorName,
  requireOperands,
  requireOperandType,
  type BoundOperation,
  type ExactTensor,
  type ExactTensors,
  type OperandType,
  type RunnableOperation,
} from '../src/tensor-operation.js';
import { finiteDifferences } from './finite-differences.js';
import { drawTensor, type TensorSource } from './tensor-source.js';

/** The golden tensors of a case on dense tensors, inputs included: outputs, cotangents and gradients in float64. */
export function evaluateTensors(source: TensorSource, operation: RunnableOperation): [string, SafetensorsTensor][] {
  const { attrs = {}, gradients = [] } = source;
  requireOperands(operation, Object.keys(source.inputs));
  const inputs: Record<string, ExactTensor> = {};
  const tensors: [string, SafetensorsTensor][] = [];
  for (const [name, { shape, values, dtype = 'float32' }] of Object.entries(source.inputs)) {
    requireOperandType(operation.op, `operand '${name}'`, operation.inputs[name], dtype);
    inputs[name] = { shape, values: [...values] };
    tensors.push([name, stored(inputs[name], dtype)]);
  }
  const bound = operation.bind(attrs);
  const outputs = bound.define(inputs);
  for (const [name, dtype] of Object.entries(operation.outputs)) {
    tensors.push([outputTensorName(operation, name), stored(outputs[name], dtype)]);
  }
  if (gradients.length === 0) return tensors;
  const dy = cotangents(source, operation, outputs);
  for (const [name, tensor] of Object.entries(dy)) {
    tensors.push([cotangentName(operation, name), stored(tensor, 'float32')]);
  }
  const all = bound.gradient(dy, inputs) ?? differences(dy, inputs, source, bound);
  for (const name of gradients) {
    tensors.push([`grad_${name}`, stored({ shape: inputs[name].shape, values: [...all[name]] }, 'float32')]);
  }
  return tensors;
}

function cotangents(
  { differentiated, seed }: TensorSource,
  operation: RunnableOperation,
  outputs: ExactTensors,
): Record<string, ExactTensor> {
  const floats = Object.keys(operation.outputs).filter((name) => operation.outputs[name] === 'float32');
  const drawn = (differentiated ?? floats).map((name, index): [string, ExactTensor] => {
    requireOperandType(operation.op, `differentiated output '${name}'`, 'float32', operation.outputs[name]);
    const { shape, values } = drawTensor(outputs[name].shape, seed + index);
    return [name, { shape, values: [...values] }];
  });
  return Object.fromEntries(drawn);
}

function differences(
  dy: ExactTensors,
  inputs: ExactTensors,
  { id, gradients: names = [] }: TensorSource,
  { define }: BoundOperation,
): Record<string, readonly number[]> {
  const f = () => {
    const outputs = define(inputs);
    const products = Object.keys(dy).flatMap((name) => outputs[name].values.map((y, i) => y * dy[name].values[i]));
    return products.reduce((sum, product) => sum + product, 0);
  };
  const gradients = names.map((name) => [name, finiteDifferences(f, [inputs[name].values])[0]] as const);
  for (const [name, values] of gradients) {
    if (values.some(Number.isNaN))
      throw new RangeError(`oracle: finite differences must be numbers, got NaN for ${name} of ${id}: give a gradient`);
  }
  return Object.fromEntries(gradients);
}

function stored({ shape, values }: ExactTensor, dtype: OperandType): SafetensorsTensor {
  if (dtype === 'int32') return { dtype: 'I32', shape, values: Int32Array.from(values) };
  if (dtype === 'bool') return { dtype: 'BOOL', shape, values: Uint8Array.from(values) };
  // A NaN has the bits that the processor gave it, which differ from run to run.
  return { dtype: 'F32', shape, values: Float32Array.from(values, (value) => (Number.isNaN(value) ? NaN : value)) };
}
