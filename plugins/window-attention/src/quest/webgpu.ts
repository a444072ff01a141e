import type { WebgpuKernel } from '@tfjs-sparse/core';
import type { Quest } from './attributes.js';

export const questWebgpu: WebgpuKernel<Quest> = ({ q, least, greatest }, { lists, count }, gpu) => {
  const [batches, heads, , channels] = q.shape;
  const [, keyHeads, pageCount] = least.shape;
  const earlier = pageCount - 1;
  const scores = gpu.run({
    key: 'questScores',
    outputShape: [batches * lists, earlier],
    inputs: { q, least, greatest },
    uniforms: { heads, keyHeads, pageCount, channels, group: heads / lists },
    code: () => /* wgsl */ `
    // One thread per page of a list.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let earlier = uniforms.pageCount - 1;
      let list = index / earlier;
      let page = index % earlier;
      var score = 0.0;
      for (var row = list * uniforms.group; row < (list + 1) * uniforms.group; row++) {
        let head = row % uniforms.heads;
        let keyRow = row / uniforms.heads * uniforms.keyHeads + head * uniforms.keyHeads / uniforms.heads;
        let bound = (keyRow * uniforms.pageCount + page) * uniforms.channels;
        for (var channel = 0; channel < uniforms.channels; channel++) {
          let value = q[row * uniforms.channels + channel];
          score += max(value * least[bound + channel], value * greatest[bound + channel]);
        }
      }
      result[index] = score;
    }`,
  });
  const ranks = gpu.run({
    key: 'questRanks',
    outputShape: [batches * lists, earlier],
    outputDtype: 'int32',
    inputs: { scores },
    uniforms: { earlier },
    code: () => /* wgsl */ `
    // One thread per page of a list: how many come before it; of equal scores the earlier page does.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let first = index - index % uniforms.earlier;
      let score = scores[index];
      var rank = 0;
      for (var other = first; other < first + uniforms.earlier; other++) {
        if (scores[other] > score || (scores[other] == score && other < index)) { rank++; }
      }
      result[index] = rank;
    }`,
  });
  const pages = gpu.run({
    key: 'questPages',
    outputShape: [batches, lists, 1, count + 1],
    outputDtype: 'int32',
    inputs: { ranks },
    uniforms: { earlier, count },
    code: () => /* wgsl */ `
    // One thread per place of a list: the page of that rank, or the current one.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let list = index / (uniforms.count + 1);
      let place = index % (uniforms.count + 1);
      var page = uniforms.earlier;
      if (place < uniforms.count) {
        for (var other = 0; other < uniforms.earlier; other++) {
          if (ranks[list * uniforms.earlier + other] == place) { page = other; }
        }
      }
      result[index] = page;
    }`,
  });
  gpu.dispose(scores);
  gpu.dispose(ranks);
  return { pages };
};
