import type { WebgpuKernel } from '@tfjs-sparse/core';
import type { RowListAttrs } from './op.js';

export const weightedRowsWebgpu: WebgpuKernel<'x', RowListAttrs> = ({ x }, { list }, gpu) => {
  const outputShape = [list.targetCount, x.shape[1]];
  if (list.sources.length === 0) return gpu.zeros(outputShape);
  const code = /* wgsl */ `
    // One thread per channel of one target row.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let row = index / uniforms.channels;
      let channel = index % uniforms.channels;
      var sum = 0.0;
      for (var entry = starts[row]; entry < starts[row + 1]; entry++) {
        sum += bitcast<f32>(weights[entry]) * x[sources[entry] * uniforms.channels + channel];
      }
      result[index] = sum;
    }`;
  const inputNames = ['x', 'starts', 'sources', 'weights'];
  return gpu.run(
    { key: 'sparseWeightedRows', outputShape, inputNames, uniforms: 'channels : i32,', code },
    [x, gpu.table(list.starts), gpu.table(list.sources), gpu.table(list.weightBits)],
    [{ type: 'int32', data: [x.shape[1]] }],
  );
};
