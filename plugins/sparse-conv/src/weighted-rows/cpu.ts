import type { CpuKernel } from '@tfjs-sparse/core';
import type { RowListAttrs } from './op.js';

export const weightedRowsCpu: CpuKernel<'x', RowListAttrs> = ({ x }, { list }) => {
  const { starts, sources, weights, targetCount } = list;
  const channels = x.shape[1];
  const values = new Float32Array(targetCount * channels);
  for (let i = 0; i < values.length; i++) {
    const target = Math.floor(i / channels);
    let sum = 0;
    for (let entry = starts[target]; entry < starts[target + 1]; entry++) {
      sum += weights[entry] * x.values[sources[entry] * channels + (i % channels)];
    }
    values[i] = sum;
  }
  return { shape: [targetCount, channels], values };
};
