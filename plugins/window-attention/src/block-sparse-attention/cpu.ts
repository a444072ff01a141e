import type { CpuKernel } from '@tfjs-sparse/core';
import type { BlockSparseAttention } from './attributes.js';
import { forEachQuery } from './each-query.js';

/** Every query attends to the keys that it sees; one that sees none gets 0. */
export const blockSparseAttentionCpu: CpuKernel<BlockSparseAttention> = (operands, attrs) => {
  const { q, v } = operands;
  const channels = v.shape[3];
  const rowShape = q.shape.slice(0, 3);
  const rows = rowShape.reduce((product, size) => product * size, 1);
  const y = new Float32Array(rows * channels);
  const logSumExp = new Float32Array(rows).fill(-Infinity);
  forEachQuery(operands, attrs, ({ row, keyRows, scores }) => {
    if (keyRows.length === 0) return;
    const most = scores.reduce((a, b) => (a > b || Number.isNaN(a) ? a : b)); // NaN stays
    const powers = scores.map((score) => Math.exp(score - most));
    const sum = powers.reduce((total, power) => total + power, 0);
    logSumExp[row] = most + Math.log(sum);
    for (let channel = 0; channel < channels; channel++) {
      let total = 0;
      keyRows.forEach((keyRow, i) => (total += powers[i] * v.values[keyRow * channels + channel]));
      y[row * channels + channel] = total / sum;
    }
  });
  return { y: { shape: [...rowShape, channels], values: y }, logSumExp: { shape: rowShape, values: logSumExp } };
};
