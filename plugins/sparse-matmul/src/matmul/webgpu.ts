import type { WebgpuKernel } from '@tfjs-sparse/core';
import { hasPlaces, multiplyGroups, placesTable } from '../nm-matmul/webgpu.js';
import { limitsOf } from './activation.js';
import { clampCode } from './clamp-code.js';
import type { PatternMatMulAttrs, PatternMatMulInput } from './op.js';

export function patternMatMulTables({ pattern }: PatternMatMulAttrs): readonly Int32Array[] {
  return hasPlaces(pattern) ? [placesTable(pattern)] : [pattern.starts, pattern.columns];
}

export const patternMatMulWebgpu: WebgpuKernel<PatternMatMulInput, PatternMatMulAttrs> = (
  { x, values, bias },
  { pattern, activation },
  gpu,
) => {
  const { inFeatures, outFeatures, blockOutputs, starts, columns } = pattern;
  const outputShape = [x.shape[0], outFeatures];
  const isEmpty = columns.length === 0; // then x and values may be empty, which cannot be bound
  if (x.shape[0] * outFeatures === 0 || (isEmpty && !bias)) return gpu.zeros(outputShape);
  if (hasPlaces(pattern)) return multiplyGroups(x, values, bias, { pattern, activation }, gpu);
  const code = /* wgsl */ `
    // One thread per output of one row.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let output = index % uniforms.outFeatures;
      var sum = ${bias ? 'bias[output]' : '0.0'};
      ${isEmpty ? '' : addBlocksCode}
      ${clampCode(...limitsOf(activation))}
      result[index] = sum;
    }`;
  return gpu.run(
    {
      key: `patternMatMul ${activation}${bias ? ' bias' : ''}${isEmpty ? ' empty' : ''}`,
      outputShape,
      inputNames: [...(isEmpty ? [] : ['x', 'values', 'starts', 'columns']), ...(bias ? ['bias'] : [])],
      uniforms: 'inFeatures : i32, outFeatures : i32, blockOutputs : i32,',
      code,
    },
    [...(isEmpty ? [] : [x, values, gpu.table(starts), gpu.table(columns)]), ...(bias ? [bias] : [])],
    [inFeatures, outFeatures, blockOutputs].map((value) => ({ type: 'int32', data: [value] })),
  );
};

const addBlocksCode = /* wgsl */ `
      let blockRow = output / uniforms.blockOutputs;
      let firstInput = index / uniforms.outFeatures * uniforms.inFeatures;
      let end = starts[blockRow + 1];
      var weight = starts[blockRow] * uniforms.blockOutputs + output % uniforms.blockOutputs;
      for (var block = starts[blockRow]; block < end; block++) {
        sum += x[firstInput + columns[block]] * values[weight];
        weight += uniforms.blockOutputs;
      }`;
