import type { TensorInfo } from '@tensorflow/tfjs-core';
import { f32, workgroupThreads, type GpuProgram, type WebgpuKernel } from '@tfjs-sparse/core';
import { columnsOf, tileOf } from '../set-dot-product-attention/webgpu.js';
import type { BlockSparseAttention } from './attributes.js';
import { sequenceSizes } from './sequence-sizes.js';
import { forEachTileCode, queryCode, seesCode, uniformLoads } from './webgpu-code.js';
import { gpuPlan } from './webgpu-plan.js';

export const blockSparseAttentionWebgpu: WebgpuKernel<BlockSparseAttention> = ({ q, k, v }, attrs, gpu) => {
  const { batches, heads, queries, keys, channels, valueChannels } = sequenceSizes({ q, v });
  const [shape, rowShape] = [
    [batches, heads, queries, valueChannels],
    [batches, heads, queries],
  ];
  if (batches * heads * queries * keys === 0) return { y: gpu.zeros(shape), logSumExp: gpu.zeros(rowShape) };
  const plan = gpuPlan(attrs);
  const tile = tileOf(Math.max(channels, valueChannels), gpu.workgroupBytes);
  const both = gpu.run({
    key: `blockSparseAttention ${channels} ${valueChannels} ${tile}`,
    outputShape: [batches * heads * queries, valueChannels + 1],
    inputs: { q, k, v, lists: gpu.table(plan.table) },
    uniforms: queryUniforms(attrs, { q, v }),
    threads: plan.panels * batches * heads * workgroupThreads,
    code: () => /* wgsl */ `
    var<workgroup> keyTile : array<f32, ${tile * channels}>;
    var<workgroup> valueTile : array<f32, ${tile * valueChannels}>;
    ${uniformLoads('lists')}
    ${seesCode}
    // One workgroup per 64 queries of a head, one thread per query; the keys that any of them sees pass by.
    fn main(index : i32) {
      ${queryCode}
      var query : array<f32, ${channels}>;
      var output : array<f32, ${valueChannels}>;
      for (var i = 0; i < ${channels}; i++) { query[i] = q[row * ${channels} + i] * uniforms.scale; }
      for (var i = 0; i < ${valueChannels}; i++) { output[i] = 0.0; }
      var most = -3.4028234e38;
      var sum = 0.0;
      ${forEachTileCode(tile, channels, valueChannels)}
          if (!isSeen) { continue; }
          var score = 0.0;
          for (var c = 0; c < ${channels}; c++) { score += query[c] * keyTile[i * ${channels} + c]; }
          let greatest = max(most, score);
          let kept = exp(most - greatest);
          let power = exp(score - greatest);
          sum = sum * kept + power;
          for (var c = 0; c < ${valueChannels}; c++) { output[c] = output[c] * kept + power * valueTile[i * ${valueChannels} + c]; }
          most = greatest;
        }
        workgroupBarrier();
      } }
      if (!isQuery) { return; }
      for (var c = 0; c < ${valueChannels}; c++) {
        result[row * ${valueChannels + 1} + c] = select(output[c] / sum, 0.0, sum == 0.0);
      }
      result[row * ${valueChannels + 1} + ${valueChannels}] = most + log(sum);
    }`,
  });
  const y = columnsOf(gpu, both, 0, valueChannels, shape);
  const logSumExp = columnsOf(gpu, both, valueChannels, 1, rowShape);
  gpu.dispose(both);
  return { y, logSumExp };
};

/** What programs with a thread per query read. */
export function queryUniforms(
  attrs: BlockSparseAttention['attrs'],
  operands: Readonly<Record<'q' | 'v', TensorInfo>>,
): NonNullable<GpuProgram['uniforms']> {
  const { batches, heads, keyHeads, queries, keys } = sequenceSizes(operands);
  const { mask, scale } = attrs;
  const { panels, segmentsAt, bitsAt } = gpuPlan(attrs);
  const patterns = { patternBatches: mask.batches, patternHeads: mask.heads };
  const places = { panels, segmentsAt, bitsAt };
  return { batches, heads, keyHeads, queries, keys, ...patterns, ...places, scale: f32(scale) };
}
