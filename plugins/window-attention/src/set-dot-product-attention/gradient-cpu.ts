import type { CpuKernel, HostTensor } from '@tfjs-sparse/core';
import type { SetAttentionGradient } from './attributes.js';
import { biasRows, columnsOf, scoresOf } from './scores.js';

/**
 * With p the softmax of a query's scores, ds = p * (dy . v - dy . y): the gradient of its scores. Gradients of keys and
 * values stand by their place in the list of keys, those of the bias by set, to be added up in one order.
 */
export const setAttentionGradientCpu: CpuKernel<SetAttentionGradient> = (inputs, attrs) => {
  const { q, k, v, bias, y, logSumExp, dy } = inputs;
  const { lists, heads, scale, positions } = attrs;
  const channels = q.shape[1] / heads;
  const dq = new Float32Array(q.values.length);
  const keyShape = [lists.keys.entryCount, heads * channels];
  const dk = new Float32Array(keyShape[0] * keyShape[1]);
  const dv = new Float32Array(keyShape[0] * keyShape[1]);
  const sets = lists.queries.rowCount;
  const biasSize = bias ? bias.values.length : 0;
  const dbias = new Float32Array(sets * biasSize);
  for (let set = 0; set < sets; set++) {
    const firstKey = lists.keys.starts[set];
    const keys = columnsOf(lists.keys, set);
    for (const query of columnsOf(lists.queries, set)) {
      for (let head = 0; head < heads; head++) {
        const at = (query * heads + head) * channels;
        const scores = scoresOf(q, k, bias, query, keys, head, attrs);
        const ofOutput = dot(dy, at, y, at, channels);
        scores.forEach((score, i) => {
          const ofKey = (keys[i] * heads + head) * channels;
          const toKey = ((firstKey + i) * heads + head) * channels;
          const power = Math.exp(score - logSumExp.values[query * heads + head]);
          const ofScore = power * (dot(dy, at, v, ofKey, channels) - ofOutput);
          for (let channel = 0; channel < channels; channel++) {
            dq[at + channel] += ofScore * scale * k.values[ofKey + channel];
            dk[toKey + channel] += ofScore * scale * q.values[at + channel];
            dv[toKey + channel] += power * dy.values[at + channel];
          }
          if (!positions) return;
          for (const row of biasRows(positions, query, keys[i])) dbias[set * biasSize + row * heads + head] += ofScore;
        });
      }
    }
  }
  return {
    dq: { shape: q.shape, values: dq },
    dk: { shape: keyShape, values: dk },
    dv: { shape: keyShape, values: dv },
    dbias: { shape: [sets, biasSize], values: dbias },
  };
};

function dot(a: HostTensor, firstOfA: number, b: HostTensor, firstOfB: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += a.values[firstOfA + i] * b.values[firstOfB + i];
  return sum;
}
