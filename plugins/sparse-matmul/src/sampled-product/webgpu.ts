import type { WebgpuKernel } from '@tfjs-sparse/core';
import { blockRowTable } from '../pattern/block-rows.js';
import type { SampledProductAttrs } from './op.js';

export function sampledProductTables({ pattern }: SampledProductAttrs): readonly Int32Array[] {
  return [blockRowTable(pattern), pattern.columns];
}

export const sampledProductWebgpu: WebgpuKernel<'x' | 'dy', SampledProductAttrs> = ({ x, dy }, { pattern }, gpu) => {
  const { inFeatures, outFeatures, blockOutputs, columns } = pattern;
  const outputShape = [columns.length, blockOutputs];
  if (columns.length === 0 || x.shape[0] === 0) return gpu.zeros(outputShape);
  const code = /* wgsl */ `
    // One thread per kept weight.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let block = index / uniforms.blockOutputs;
      let output = blockRows[block] * uniforms.blockOutputs + index % uniforms.blockOutputs;
      var sum = 0.0;
      if (output < uniforms.outFeatures) {
        var xIndex = columns[block];
        var dyIndex = output;
        for (var row = 0; row < uniforms.rows; row++) {
          sum += x[xIndex] * dy[dyIndex];
          xIndex += uniforms.inFeatures;
          dyIndex += uniforms.outFeatures;
        }
      }
      result[index] = sum;
    }`;
  return gpu.run(
    {
      key: 'sampledProduct',
      outputShape,
      inputNames: ['x', 'dy', 'blockRows', 'columns'],
      uniforms: 'rows : i32, inFeatures : i32, outFeatures : i32, blockOutputs : i32,',
      code,
    },
    [x, dy, gpu.table(blockRowTable(pattern)), gpu.table(columns)],
    [x.shape[0], inFeatures, outFeatures, blockOutputs].map((value) => ({ type: 'int32', data: [value] })),
  );
};
