import type { CpuKernel } from '@tfjs-sparse/core';
import type { TakeChannelsAttrs } from './op.js';

export const joinChannelsCpu: CpuKernel<'a' | 'b', object> = ({ a, b }) => {
  const [rows, channelsOfA] = a.shape;
  const channelsOfB = b.shape[1];
  const channels = channelsOfA + channelsOfB;
  const values = new Float32Array(rows * channels);
  for (let row = 0; row < rows; row++) {
    values.set(a.values.subarray(row * channelsOfA, (row + 1) * channelsOfA), row * channels);
    values.set(b.values.subarray(row * channelsOfB, (row + 1) * channelsOfB), row * channels + channelsOfA);
  }
  return { shape: [rows, channels], values };
};

export const takeChannelsCpu: CpuKernel<'x', TakeChannelsAttrs> = ({ x }, { start, count }) => {
  const [rows, channels] = x.shape;
  const values = new Float32Array(rows * count);
  for (let row = 0; row < rows; row++) {
    const first = row * channels + start;
    values.set(x.values.subarray(first, first + count), row * count);
  }
  return { shape: [rows, count], values };
};
