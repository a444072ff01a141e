import type { CpuKernel } from '@tfjs-sparse/core';
import type { AnySetAttention } from './attributes.js';
import { columnsOf, scoresOf } from './scores.js';

/** Every query of a set attends to the keys of the set; one without keys gets 0. */
export const setDotProductAttentionCpu: CpuKernel<AnySetAttention> = ({ q, k, v, bias }, attrs) => {
  const { lists, heads } = attrs;
  const channels = v.shape[1] / heads;
  const y = new Float32Array(v.values.length);
  const logSumExp = new Float32Array(q.shape[0] * heads).fill(-Infinity);
  for (let set = 0; set < lists.queries.rowCount; set++) {
    const keys = columnsOf(lists.keys, set);
    if (keys.length === 0) continue;
    for (const query of columnsOf(lists.queries, set)) {
      for (let head = 0; head < heads; head++) {
        const scores = scoresOf(q, k, bias, query, keys, head, attrs);
        const most = scores.reduce((a, b) => (a > b || Number.isNaN(a) ? a : b)); // NaN stays
        const powers = scores.map((score) => Math.exp(score - most));
        const sum = powers.reduce((total, power) => total + power, 0);
        logSumExp[query * heads + head] = most + Math.log(sum);
        for (let channel = 0; channel < channels; channel++) {
          let total = 0;
          keys.forEach((key, i) => (total += powers[i] * v.values[(key * heads + head) * channels + channel]));
          y[(query * heads + head) * channels + channel] = total / sum;
        }
      }
    }
  }
  return {
    y: { shape: v.shape, values: y },
    logSumExp: { shape: [q.shape[0], heads], values: logSumExp },
  };
};
