import type { CpuKernel } from '@tfjs-sparse/core';
import type { JoinChannels, TakeChannels } from './attributes.js';

export const joinChannels: CpuKernel<JoinChannels> = ({ a, b }) => {
  const [rows, channelsOfA] = a.shape;
  const channelsOfB = b.shape[1];
  const channels = channelsOfA + channelsOfB;
  const values = new Float32Array(rows * channels);
  for (let row = 0; row < rows; row++) {
    values.set(a.values.subarray(row * channelsOfA, (row + 1) * channelsOfA), row * channels);
    values.set(b.values.subarray(row * channelsOfB, (row + 1) * channelsOfB), row * channels + channelsOfA);
  }
  return { y: { shape: [rows, channels], values } };
};

export const takeChannels: CpuKernel<TakeChannels> = ({ x }, { start, count }) => {
  const [rows, channels] = x.shape;
  const values = new Float32Array(rows * count);
  for (let row = 0; row < rows; row++) {
    const first = row * channels + start;
    values.set(x.values.subarray(first, first + count), row * count);
  }
  return { y: { shape: [rows, count], values } };
};
