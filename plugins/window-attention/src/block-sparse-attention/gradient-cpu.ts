import type { CpuKernel } from '@tfjs-sparse/core';
import type { BlockSparseAttentionGradient } from './attributes.js';
import { dot, forEachQuery } from './each-query.js';

/** With p the softmax of a query's scores, ds = p * (dy . v - dy . y) is the gradient of its scores. */
export const blockSparseAttentionGradientCpu: CpuKernel<BlockSparseAttentionGradient> = (inputs, attrs) => {
  const { q, k, v, y, logSumExp, dy } = inputs;
  const [channels, valueChannels] = [q.shape[3], v.shape[3]];
  const dq = new Float32Array(q.values.length);
  const dk = new Float32Array(k.values.length);
  const dv = new Float32Array(v.values.length);
  forEachQuery(inputs, attrs, ({ row, keyRows, scores }) => {
    const ofOutput = dot(dy, row, y, row, valueChannels);
    keyRows.forEach((keyRow, i) => {
      const power = Math.exp(scores[i] - logSumExp.values[row]);
      const ofScore = power * (dot(dy, row, v, keyRow, valueChannels) - ofOutput) * attrs.scale;
      for (let channel = 0; channel < channels; channel++) {
        dq[row * channels + channel] += ofScore * k.values[keyRow * channels + channel];
        dk[keyRow * channels + channel] += ofScore * q.values[row * channels + channel];
      }
      for (let channel = 0; channel < valueChannels; channel++) {
        dv[keyRow * valueChannels + channel] += power * dy.values[row * valueChannels + channel];
      }
    });
  });
  return {
    dq: { shape: q.shape, values: dq },
    dk: { shape: k.shape, values: dk },
    dv: { shape: v.shape, values: dv },
  };
};
