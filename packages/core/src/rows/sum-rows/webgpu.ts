import type { WebgpuKernel } from '../../op/webgpu-scope.js';
import { entryInputs } from '../factors.js';
import type { GatherRows, SumRows } from './attributes.js';

export const gatherRows: WebgpuKernel<GatherRows> = ({ x }, { rows }, gpu) => {
  const channels = x.shape[1];
  const outputShape = [rows.rowCount, channels];
  if (x.shape[0] === 0) return { y: gpu.zeros(outputShape) };
  const code = () => /* wgsl */ `
    // One thread per channel of one row.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let column = columns[index / uniforms.channels];
      let channel = index % uniforms.channels;
      result[index] = 0.0;
      if (column >= 0) { result[index] = x[column * uniforms.channels + channel]; }
    }`;
  const inputs = { x, columns: gpu.table(rows.index!) };
  return { y: gpu.run({ key: 'gatherRows', outputShape, inputs, uniforms: { channels }, code }) };
};

export const sumRows: WebgpuKernel<SumRows> = ({ x, values }, { rows, isMean }, gpu) => {
  const channels = x.shape[1];
  const outputShape = [rows.rowCount, channels];
  if (rows.entryCount === 0) return { y: gpu.zeros(outputShape) };
  const { factor, inputs } = entryInputs(rows, values, gpu);
  const code = () => /* wgsl */ `
    // One thread per channel of one row: its entries in order.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let row = index / uniforms.channels;
      let channel = index % uniforms.channels;
      let start = starts[row];
      let end = starts[row + 1];
      var sum = 0.0;
      for (var entry = start; entry < end; entry++) {
        sum += ${factor} * x[columns[entry] * uniforms.channels + channel];
      }
      result[index] = sum / select(1.0, f32(max(end - start, 1)), uniforms.isMean == 1);
    }`;
  const uniforms = { channels, isMean: Number(isMean) };
  return { y: gpu.run({ key: `sumRows ${factor}`, outputShape, inputs: { x, ...inputs }, uniforms, code }) };
};
