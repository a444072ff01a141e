import type { WebgpuKernel } from '@tfjs-sparse/core';
import type { TakeChannelsAttrs } from './op.js';

export const joinChannelsWebgpu: WebgpuKernel<'a' | 'b', object> = ({ a, b }, _attrs, gpu) => {
  const [rows, channelsOfA] = a.shape;
  const channelsOfB = b.shape[1];
  const outputShape = [rows, channelsOfA + channelsOfB];
  if (rows === 0) return gpu.zeros(outputShape);
  const code = /* wgsl */ `
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
  return gpu.run(
    {
      key: 'sparseJoinChannels',
      outputShape,
      inputNames: ['a', 'b'],
      uniforms: 'channelsOfA : i32, channelsOfB : i32,',
      code,
    },
    [a, b],
    [
      { type: 'int32', data: [channelsOfA] },
      { type: 'int32', data: [channelsOfB] },
    ],
  );
};

export const takeChannelsWebgpu: WebgpuKernel<'x', TakeChannelsAttrs> = ({ x }, { start, count }, gpu) => {
  const [rows, channels] = x.shape;
  const outputShape = [rows, count];
  if (rows === 0) return gpu.zeros(outputShape);
  const code = /* wgsl */ `
    // One thread per taken channel of one row.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let row = index / uniforms.count;
      result[index] = x[row * uniforms.channels + uniforms.start + index % uniforms.count];
    }`;
  return gpu.run(
    {
      key: 'sparseTakeChannels',
      outputShape,
      inputNames: ['x'],
      uniforms: 'channels : i32, start : i32, count : i32,',
      code,
    },
    [x],
    [channels, start, count].map((value) => ({ type: 'int32', data: [value] })),
  );
};
