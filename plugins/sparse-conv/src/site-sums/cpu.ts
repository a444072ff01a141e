import type { CpuKernel } from '@tfjs-sparse/core';

export const siteSumsCpu: CpuKernel<'x', object> = ({ x }) => {
  const channels = x.shape[1];
  const sums = new Float64Array(channels);
  x.values.forEach((value, i) => (sums[i % channels] += value));
  return { shape: [channels], values: Float32Array.from(sums) };
};
