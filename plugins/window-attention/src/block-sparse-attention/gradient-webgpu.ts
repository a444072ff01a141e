import type { TensorInfo } from '@tensorflow/tfjs-core';
import { workgroupThreads, type WebgpuKernel } from '@tfjs-sparse/core';
import { statisticsOf } from '../set-dot-product-attention/gradient-webgpu.js';
import { columnsOf, tileOf } from '../set-dot-product-attention/webgpu.js';
import type { BlockSparseAttentionGradient } from './attributes.js';
import { keyGradientCode } from './key-gradient-code.js';
import { sequenceSizes } from './sequence-sizes.js';
import { forEachTileCode, queryCode, seesCode, uniformLoads } from './webgpu-code.js';
import { gpuKeyPlan, gpuPlan } from './webgpu-plan.js';
import { queryUniforms } from './webgpu.js';

/** Queries and keys in turn stay in threads while the others pass by; scores are computed again for each. */
export const blockSparseAttentionGradientWebgpu: WebgpuKernel<BlockSparseAttentionGradient> = (inputs, attrs, gpu) => {
  const { q, k, v, y, logSumExp, dy } = inputs;
  const { batches, heads, keyHeads, queries, keys, channels, valueChannels } = sequenceSizes(inputs);
  if (batches * heads * queries * keys === 0) {
    const [dq, dk, dv] = [q, k, v].map(({ shape }) => gpu.zeros(shape));
    return { dq, dk, dv };
  }
  const [plan, keyPlan] = [gpuPlan(attrs), gpuKeyPlan(attrs)];
  const statistics = statisticsOf(gpu, { y, dy, logSumExp }, batches * heads * queries, valueChannels);
  const operands: Record<string, TensorInfo> = { q, k, v, dy, statistics, lists: gpu.table(plan.table) };
  const uniforms = queryUniforms(attrs, { q, v });
  const tile = tileOf(Math.max(channels, valueChannels), gpu.workgroupBytes);
  const key = `${channels} ${valueChannels} ${tile}`;
  const dq = gpu.run({
    key: `blockSparseAttentionQueryGradient ${key}`,
    outputShape: q.shape,
    inputs: operands,
    uniforms,
    threads: plan.panels * batches * heads * workgroupThreads,
    code: () => queryGradientCode(tile, channels, valueChannels),
  });
  const rows = batches * keyHeads * keys;
  const both = gpu.run({
    key: `blockSparseAttentionKeyGradient ${key}`,
    outputShape: [rows, channels + valueChannels],
    inputs: { ...operands, parts: gpu.table(keyPlan.table) },
    uniforms: { ...uniforms, tiles: keyPlan.tiles, partsAt: keyPlan.partsAt },
    threads: keyPlan.tiles * batches * keyHeads * workgroupThreads,
    code: () => keyGradientCode(tile, channels, valueChannels),
  });
  const dk = columnsOf(gpu, both, 0, channels, k.shape);
  const dv = columnsOf(gpu, both, channels, valueChannels, v.shape);
  gpu.dispose(both);
  gpu.dispose(statistics);
  return { dq, dk, dv };
};

function queryGradientCode(tile: number, channels: number, valueChannels: number): string {
  return /* wgsl */ `
    var<workgroup> keyTile : array<f32, ${tile * channels}>;
    var<workgroup> valueTile : array<f32, ${tile * valueChannels}>;
    ${uniformLoads('lists')}
    ${seesCode}
    // One workgroup per 64 queries of a head, one thread per query; the keys that any of them sees pass by.
    fn main(index : i32) {
      ${queryCode}
      var query : array<f32, ${channels}>;
      var gradient : array<f32, ${channels}>;
      var given : array<f32, ${valueChannels}>;
      for (var c = 0; c < ${channels}; c++) {
        query[c] = q[row * ${channels} + c] * uniforms.scale;
        gradient[c] = 0.0;
      }
      for (var c = 0; c < ${valueChannels}; c++) { given[c] = dy[row * ${valueChannels} + c]; }
      ${forEachTileCode(tile, channels, valueChannels)}
          if (!isSeen) { continue; }
          var score = 0.0;
          var product = 0.0;
          for (var c = 0; c < ${channels}; c++) { score += query[c] * keyTile[i * ${channels} + c]; }
          for (var c = 0; c < ${valueChannels}; c++) { product += given[c] * valueTile[i * ${valueChannels} + c]; }
          let ofScore = exp(score - statistics[2 * row]) * (product - statistics[2 * row + 1]) * uniforms.scale;
          for (var c = 0; c < ${channels}; c++) { gradient[c] += ofScore * keyTile[i * ${channels} + c]; }
        }
        workgroupBarrier();
      } }
      if (!isQuery) { return; }
      for (var c = 0; c < ${channels}; c++) { result[row * ${channels} + c] = gradient[c]; }
    }`;
}
