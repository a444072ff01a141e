import type { CpuKernel } from '@tfjs-sparse/core';
import type { Quest } from './attributes.js';

/** The pages before the last by falling score, of equal ones the earlier; then the last. */
export const questCpu: CpuKernel<Quest> = ({ q, least, greatest }, { lists, count }) => {
  const [batches, heads, , channels] = q.shape;
  const [, keyHeads, pageCount] = least.shape;
  const group = heads / lists;
  const pages: number[] = [];
  for (let list = 0; list < batches * lists; list++) {
    const scores = new Float64Array(pageCount - 1);
    for (let row = list * group; row < (list + 1) * group; row++) {
      const keyRow = Math.floor(row / heads) * keyHeads + Math.floor(((row % heads) * keyHeads) / heads);
      for (let page = 0; page < pageCount - 1; page++) {
        for (let channel = 0; channel < channels; channel++) {
          const value = q.values[row * channels + channel];
          const bound = (keyRow * pageCount + page) * channels + channel;
          scores[page] += Math.max(value * least.values[bound], value * greatest.values[bound]);
        }
      }
    }
    const order = Array.from(scores, (_, page) => page);
    order.sort((a, b) => scores[b] - scores[a] || a - b);
    pages.push(...order.slice(0, count), pageCount - 1);
  }
  return { pages: { shape: [batches, lists, 1, count + 1], values: Int32Array.from(pages) } };
};
