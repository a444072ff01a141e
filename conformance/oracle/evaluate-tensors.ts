import type { SafetensorsTensor } from '@tfjs-sparse/core';
import type { ExactTensor, TensorOperation } from '../src/tensor-operation.js';
import { finiteDifferences } from './finite-differences.js';
import { drawTensor, type SourceTensor, type TensorSource } from './tensor-source.js';

/** The golden tensors of a case on dense tensors, inputs included: output, cotangent and gradients in float64. */
export function evaluateTensors(source: TensorSource, operation: TensorOperation): [string, SafetensorsTensor][] {
  const { attrs = {}, gradients = [], seed } = source;
  const inputs: Record<string, ExactTensor> = {};
  for (const [name, { shape, values }] of Object.entries(source.inputs)) inputs[name] = { shape, values: [...values] };
  const output = operation.define(inputs, attrs);
  const tensors: [string, SafetensorsTensor][] = [
    ...Object.entries(source.inputs).map(([name, tensor]): [string, SafetensorsTensor] => [name, stored(tensor)]),
    ['out_features', stored(output)],
  ];
  if (gradients.length === 0) return tensors;
  const dy = drawTensor(output.shape, seed);
  const exact = { shape: dy.shape, values: [...dy.values] };
  const all = operation.gradient?.(exact, inputs, attrs) ?? differences(exact, inputs, gradients, source, operation);
  tensors.push(['cotangent', stored(dy)]);
  for (const name of gradients) {
    tensors.push([`grad_${name}`, stored({ shape: inputs[name].shape, values: all[name] })]);
  }
  return tensors;
}

function differences(
  dy: ExactTensor,
  inputs: Readonly<Record<string, ExactTensor>>,
  names: readonly string[],
  { id, attrs = {} }: TensorSource,
  { define }: TensorOperation,
): Record<string, number[]> {
  const f = () => define(inputs, attrs).values.reduce((sum, value, index) => sum + value * dy.values[index], 0);
  const gradients = names.map((name) => [name, finiteDifferences(f, [inputs[name].values])[0]] as const);
  for (const [name, values] of gradients) {
    if (values.some(Number.isNaN))
      throw new RangeError(`oracle: finite differences must be numbers, got NaN for ${name} of ${id}: give a gradient`);
  }
  return Object.fromEntries(gradients);
}

function stored({ shape, values, dtype }: SourceTensor): SafetensorsTensor {
  if (dtype === 'int32') return { dtype: 'I32', shape, values: Int32Array.from(values) };
  return { dtype: 'F32', shape, values: Float32Array.from(values) };
}
