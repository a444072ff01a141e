import type { WebgpuKernel } from '@tfjs-sparse/core';
import type { JoinChannels, TakeChannels } from './attributes.js';

export const joinChannels: WebgpuKernel<JoinChannels> = ({ a, b }, _attrs, gpu) => {
  const [rows, channelsOfA] = a.shape;
  const channelsOfB = b.shape[1];
  const outputShape = [rows, channelsOfA + channelsOfB];
  if (rows === 0) return { y: gpu.zeros(outputShape) };
  const code = () => /* wgsl */ `
    // One thread per channel of one row.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let channels = uniforms.channelsOfA + uniforms.channelsOfB;
      let row = index / channels;
      let channel = index % channels;
      if (channel < uniforms.channelsOfA) {
        result[index] = a[row * uniforms.channelsOfA + channel];
      } else {
        result[index] = b[row * uniforms.channelsOfB + channel - uniforms.channelsOfA];
      }
    }`;
  const uniforms = { channelsOfA, channelsOfB };
  return { y: gpu.run({ key: 'sparseJoinChannels', outputShape, inputs: { a, b }, uniforms, code }) };
};

export const takeChannels: WebgpuKernel<TakeChannels> = ({ x }, { start, count }, gpu) => {
  const [rows, channels] = x.shape;
  const outputShape = [rows, count];
  if (rows === 0) return { y: gpu.zeros(outputShape) };
  const code = () => /* wgsl */ `
    // One thread per taken channel of one row.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let row = index / uniforms.count;
      result[index] = x[row * uniforms.channels + uniforms.start + index % uniforms.count];
    }`;
  const uniforms = { channels, start, count };
  return { y: gpu.run({ key: 'sparseTakeChannels', outputShape, inputs: { x }, uniforms, code }) };
};
