import type { TensorInfo } from '@tensorflow/tfjs-core';
import { f32, workgroupThreads, type WebgpuKernel, type WebgpuScope } from '@tfjs-sparse/core';
import type { AnySetAttention } from './attributes.js';
import { biasCode, biasUniforms, loadTilesCode, partCode } from './webgpu-code.js';
import { gpuLists } from './webgpu-lists.js';

/** Keys of a tile whose channels and values fit into workgroup memory. */
export function tileOf(channels: number, workgroupBytes: number): number {
  const room = Math.floor(workgroupBytes / (2 * Float32Array.BYTES_PER_ELEMENT * channels)) - 1; // and a few numbers
  return Math.max(1, Math.min(32, room));
}

export const setDotProductAttentionWebgpu: WebgpuKernel<AnySetAttention> = (inputs, attrs, gpu) => {
  const { q, k, v, bias } = inputs;
  const { heads, scale, positions } = attrs;
  const channels = q.shape[1] / heads;
  const lists = gpuLists(attrs);
  if (q.shape[0] === 0) return { y: gpu.zeros(q.shape), logSumExp: gpu.zeros([0, heads]) };
  const tile = tileOf(channels, gpu.workgroupBytes);
  const code = () => /* wgsl */ `
    var<workgroup> keyTile : array<f32, ${tile * channels}>;
    var<workgroup> valueTile : array<f32, ${tile * channels}>;
    ${partCode}
    ${biasCode(positions)}
    // One workgroup per head of up to 64 queries of a set, one thread per query; all keys of the set pass by.
    fn main(index : i32) {
      let thread = index % ${workgroupThreads};
      let head = index / ${workgroupThreads} % uniforms.heads;
      let part = partOf(index / ${workgroupThreads} / uniforms.heads, uniforms.tiles, 0, thread);
      let isQuery = thread < part.y;
      let site = lists[uniforms.queriesAt + part.x + select(0, thread, isQuery)];
      let at = site * uniforms.heads + head;
      var query : array<f32, ${channels}>;
      var output : array<f32, ${channels}>;
      for (var channel = 0; channel < ${channels}; channel++) {
        query[channel] = q[at * ${channels} + channel] * uniforms.scale;
        output[channel] = 0.0;
      }
      var most = -3.4028234e38;
      var sum = 0.0;
      for (var first = 0; first < part.w; first += ${tile}) {
        ${loadTilesCode(channels, tile, 'keysAt', ['keyTile', 'k[source]'], ['valueTile', 'v[source]'])}
        for (var i = 0; i < count; i++) {
          var score = ${bias ? 'biasOf(site, lists[uniforms.keysAt + part.z + first + i], head)' : '0.0'};
          for (var channel = 0; channel < ${channels}; channel++) { score += query[channel] * keyTile[i * ${channels} + channel]; }
          let greatest = max(most, score);
          let kept = exp(most - greatest);
          let power = exp(score - greatest);
          sum = sum * kept + power;
          for (var channel = 0; channel < ${channels}; channel++) {
            output[channel] = output[channel] * kept + power * valueTile[i * ${channels} + channel];
          }
          most = greatest;
        }
        workgroupBarrier();
      }
      if (!isQuery) { return; }
      for (var channel = 0; channel < ${channels}; channel++) {
        result[at * ${channels + 1} + channel] = select(output[channel] / sum, 0.0, part.w == 0);
      }
      result[at * ${channels + 1} + ${channels}] = most + log(sum);
    }`;
  const both = gpu.run({
    key: `setDotProductAttention ${channels} ${tile} ${bias ? positions!.axes : ''}`,
    outputShape: [q.shape[0] * heads, channels + 1],
    inputs: { q, k, v, lists: gpu.table(lists.table), ...(bias && { bias }) },
    uniforms: {
      heads,
      scale: f32(scale),
      tiles: lists.queryTiles,
      queriesAt: lists.queriesAt,
      keysAt: lists.keysAt,
      ...biasUniforms(positions, lists),
    },
    threads: lists.queryTiles * heads * workgroupThreads,
    code,
  });
  const y = columnsOf(gpu, both, 0, channels, q.shape);
  const logSumExp = columnsOf(gpu, both, channels, 1, [q.shape[0], heads]);
  gpu.dispose(both);
  return { y, logSumExp };
};

/** Columns `first` to `first + count`, in another shape. */
export function columnsOf(
  gpu: WebgpuScope,
  x: TensorInfo,
  first: number,
  count: number,
  outputShape: readonly number[],
): TensorInfo {
  return gpu.run({
    key: 'columnsOf',
    outputShape,
    inputs: { x },
    uniforms: { first, count, width: x.shape[1] },
    code: () => /* wgsl */ `
    // One thread per element.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      result[index] = x[index / uniforms.count * uniforms.width + uniforms.first + index % uniforms.count];
    }`,
  });
}
