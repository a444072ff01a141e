import type { CpuKernel } from '@tfjs-sparse/core';
import type { RowListAttrs } from '../weighted-rows/op.js';

export const maxWindowsGradientCpu: CpuKernel<'dy' | 'x' | 'y', RowListAttrs> = ({ dy, x, y }, { list }) => {
  const channels = x.shape[1];
  const values = new Float32Array(x.values.length);
  for (let i = 0; i < y.values.length; i++) {
    const target = Math.floor(i / channels);
    const window = list.sources.subarray(list.starts[target], list.starts[target + 1]);
    // A NaN makes the greatest value NaN, so a NaN is always among the greatest.
    const winner = window.find((source) => {
      const value = x.values[source * channels + (i % channels)];
      return value === y.values[i] || Number.isNaN(value);
    });
    if (winner !== undefined) values[winner * channels + (i % channels)] += dy.values[i];
  }
  return { shape: x.shape, values };
};
