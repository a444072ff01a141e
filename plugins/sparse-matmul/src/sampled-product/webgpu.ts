import { rowBlocks, type WebgpuKernel } from '@tfjs-sparse/core';
import type { SampledProduct } from './attributes.js';

export const sampledProductWebgpu: WebgpuKernel<SampledProduct> = ({ x, dy }, { pattern }, gpu) => {
  const { inFeatures, outFeatures, blockOutputs, blocks } = pattern;
  const rows = x.shape[0];
  const outputShape = [blocks.entryCount, blockOutputs];
  if (blocks.entryCount === 0 || rows === 0) return { values: gpu.zeros(outputShape) };
  const code = () => /* wgsl */ `
    // One thread per kept weight.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let block = index / uniforms.blockOutputs;
      let output = rowOfBlock[block] * uniforms.blockOutputs + index % uniforms.blockOutputs;
      var sum = 0.0;
      if (output < uniforms.outFeatures) {
        var xIndex = columns[block];
        var dyIndex = output;
        for (var first = 0; first < uniforms.rows; first += uniforms.blockRows) {
          var blockSum = 0.0; // sums of sums: float32 loses less so
          for (var row = first; row < min(first + uniforms.blockRows, uniforms.rows); row++) {
            blockSum += x[xIndex] * dy[dyIndex];
            xIndex += uniforms.inFeatures;
            dyIndex += uniforms.outFeatures;
          }
          sum += blockSum;
        }
      }
      result[index] = sum;
    }`;
  const inputs = { x, dy, rowOfBlock: gpu.table(blocks.rows), columns: gpu.table(blocks.columns) };
  const uniforms = { ...rowBlocks(rows), inFeatures, outFeatures, blockOutputs };
  return { values: gpu.run({ key: 'sampledProduct', outputShape, inputs, uniforms, code }) };
};
