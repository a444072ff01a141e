import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebgpuKernel } from '@tfjs-sparse/core';
import { epilogueCode } from '../epilogue-code.js';
import { hasPlaces, multiplyGroups, placesTable } from '../nm-matmul/webgpu.js';
import type { PatternMatMul } from './attributes.js';

export function patternMatMulTables({ pattern }: Pick<PatternMatMul['attrs'], 'pattern'>): readonly Int32Array[] {
  return hasPlaces(pattern) ? [placesTable(pattern)] : [pattern.starts, pattern.columns];
}

export const patternMatMulWebgpu: WebgpuKernel<PatternMatMul> = (inputs, attrs, gpu) => {
  const { x, values, bias, residual } = inputs;
  const { pattern, activation } = attrs;
  const { inFeatures, outFeatures, blockOutputs, starts, columns } = pattern;
  const outputShape = [x.shape[0], outFeatures];
  const isEmpty = columns.length === 0; // then x and values may be empty, which cannot be bound
  if (x.shape[0] * outFeatures === 0 || (isEmpty && !bias && !residual)) return { y: gpu.zeros(outputShape) };
  if (hasPlaces(pattern)) return { y: multiplyGroups(inputs, attrs, gpu) };
  const epilogue = epilogueCode({ bias, residual }, activation);
  const tables = { starts: gpu.table(starts), columns: gpu.table(columns) };
  const operands: Record<string, TensorInfo> = isEmpty ? {} : { x, values, ...tables };
  const code = () => /* wgsl */ `
    ${epilogue.code()}
    // One thread per output of one row.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let output = index % uniforms.outFeatures;
      var sum = 0.0;
      ${isEmpty ? '' : addBlocksCode}
      result[index] = finished(sum, output, index);
    }`;
  const program = {
    key: `patternMatMul${epilogue.key}${isEmpty ? ' empty' : ''}`,
    outputShape,
    inputs: { ...operands, ...epilogue.inputs },
    uniforms: { inFeatures, outFeatures, blockOutputs, ...epilogue.uniforms },
    code,
  };
  return { y: gpu.run(program) };
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
