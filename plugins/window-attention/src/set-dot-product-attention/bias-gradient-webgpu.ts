import type { TensorInfo } from '@tensorflow/tfjs-core';
import { workgroupThreads, type GpuProgram, type WebgpuScope } from '@tfjs-sparse/core';
import type { AnySetAttention } from './attributes.js';
import { biasCode, partCode } from './webgpu-code.js';
import { gpuLists } from './webgpu-lists.js';

/**
 * `[sets, rows * heads]`: what each row of the bias' table gets from the pairs of a set. 64 queries at a time note their
 * rows for a key, and every thread adds up those of its own rows, so that no sum needs an atomic.
 */
export function biasGradientWebgpu(
  gpu: WebgpuScope,
  inputs: Readonly<Record<'q' | 'k' | 'v' | 'dy' | 'statistics' | 'lists', TensorInfo>>,
  attrs: AnySetAttention['attrs'],
  uniforms: NonNullable<GpuProgram['uniforms']>,
  outputShape: readonly number[],
): TensorInfo {
  const { positions, heads } = attrs;
  const channels = inputs.q.shape[1] / heads;
  const { axes } = positions!;
  const [sets, width] = outputShape;
  return gpu.run({
    key: `setAttentionBiasGradient ${channels} ${axes}`,
    outputShape,
    inputs,
    uniforms: { ...uniforms, sets, setsAt: gpuLists(attrs).setsAt, rows: width / heads },
    threads: sets * heads * workgroupThreads,
    code: () => /* wgsl */ `
    var<workgroup> gradients : array<f32, ${workgroupThreads}>;
    var<workgroup> rowsOfPairs : array<i32, ${workgroupThreads * axes}>;
    ${partCode}
    ${biasCode(positions)}
    // One workgroup per head of a set, one thread per query.
    fn main(index : i32) {
      let thread = index % ${workgroupThreads};
      let head = index / ${workgroupThreads} % uniforms.heads;
      let group = index / ${workgroupThreads} / uniforms.heads;
      let part = partOf(group, uniforms.sets, uniforms.setsAt, thread);
      let to = group * uniforms.rows * uniforms.heads + head;
      if (group < uniforms.sets) {
        for (var row = thread; row < uniforms.rows; row += ${workgroupThreads}) { result[to + row * uniforms.heads] = 0.0; }
      }
      for (var first = 0; first < part.y; first += ${workgroupThreads}) {
        let isQuery = first + thread < part.y;
        let site = lists[uniforms.queriesAt + part.x + select(0, first + thread, isQuery)];
        let at = site * uniforms.heads + head;
        for (var i = 0; i < part.w; i++) {
          let key = lists[uniforms.keysAt + part.z + i];
          let ofKey = key * uniforms.heads + head;
          var score = biasOf(site, key, head);
          var product = 0.0;
          for (var channel = 0; channel < ${channels}; channel++) {
            score += q[at * ${channels} + channel] * uniforms.scale * k[ofKey * ${channels} + channel];
            product += dy[at * ${channels} + channel] * v[ofKey * ${channels} + channel];
          }
          let gradient = exp(score - statistics[2 * at]) * (product - statistics[2 * at + 1]);
          gradients[thread] = select(0.0, gradient, isQuery);
          for (var axis = 0; axis < ${axes}; axis++) { rowsOfPairs[thread * ${axes} + axis] = biasRow(site, key, axis); }
          workgroupBarrier();
          for (var row = thread; row < uniforms.rows; row += ${workgroupThreads}) {
            let axis = row / (2 * uniforms.bound + 1);
            var sum = 0.0;
            for (var query = 0; query < ${workgroupThreads}; query++) {
              if (rowsOfPairs[query * ${axes} + axis] == row) { sum += gradients[query]; }
            }
            result[to + row * uniforms.heads] += sum;
          }
          workgroupBarrier();
        }
      }
    }`,
  });
}
