import type { WebgpuKernel } from '../../op/webgpu-kernel.js';
import { rowBlocks } from '../row-blocks.js';
import type { ColumnSums } from './attributes.js';

export const columnSumsWebgpu: WebgpuKernel<ColumnSums> = ({ x }, _attrs, gpu) => {
  const [rows, channels] = x.shape;
  if (rows * channels === 0) return { sums: gpu.zeros([channels]) };
  const uniforms = { channels, ...rowBlocks(rows) };
  const outputShape = [uniforms.blocks, channels];
  const ofBlocks = gpu.run({
    key: 'columnSumsOfBlocks',
    outputShape,
    inputs: { x },
    uniforms,
    code: () => ofBlocksCode,
  });
  const inputs = { ofBlocks };
  const sums = gpu.run({ key: 'columnSums', outputShape: [channels], inputs, uniforms, code: () => sumsCode });
  gpu.dispose(ofBlocks);
  return { sums };
};

const ofBlocksCode = /* wgsl */ `
  // One thread per channel of one block of rows.
  fn main(index : i32) {
    if (index >= uniforms.size) { return; }
    let channel = index % uniforms.channels;
    let firstRow = index / uniforms.channels * uniforms.blockRows;
    let endRow = min(firstRow + uniforms.blockRows, uniforms.rows);
    var sum = 0.0;
    for (var first = firstRow; first < endRow; first += 32) { // sums of sums: float32 loses less so
      var part = 0.0;
      for (var row = first; row < min(first + 32, endRow); row++) { part += x[row * uniforms.channels + channel]; }
      sum += part;
    }
    result[index] = sum;
  }`;

const sumsCode = /* wgsl */ `
  // One thread per channel: adds the blocks in order.
  fn main(channel : i32) {
    if (channel >= uniforms.size) { return; }
    var sum = 0.0;
    for (var first = 0; first < uniforms.blocks; first += 32) {
      var part = 0.0;
      for (var block = first; block < min(first + 32, uniforms.blocks); block++) {
        part += ofBlocks[block * uniforms.channels + channel];
      }
      sum += part;
    }
    result[channel] = sum;
  }`;
