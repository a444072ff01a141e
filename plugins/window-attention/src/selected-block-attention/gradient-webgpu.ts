import type { WebgpuKernel } from '@tfjs-sparse/core';
import { sequenceSizes } from '../block-sparse-attention/sequence-sizes.js';
import { statisticsOf } from '../set-dot-product-attention/gradient-webgpu.js';
import { columnsOf } from '../set-dot-product-attention/webgpu.js';
import type { SelectedBlockAttentionGradient } from './attributes.js';
import { forEachKeyCode, listUniforms, queryCode } from './webgpu.js';

/** Keys look for their block in the list of every query, so that no sum needs an atomic. */
export const selectedBlockAttentionGradientWebgpu: WebgpuKernel<SelectedBlockAttentionGradient> = (
  inputs,
  attrs,
  gpu,
) => {
  const { q, k, v, blocks, y, logSumExp, dy } = inputs;
  const { batches, heads, keyHeads, queries, keys, channels, valueChannels } = sequenceSizes(inputs);
  const rows = batches * heads * queries;
  if (rows * keys * blocks.shape[3] === 0) {
    const [dq, dk, dv] = [q, k, v].map(({ shape }) => gpu.zeros(shape));
    return { dq, dk, dv };
  }
  const statistics = statisticsOf(gpu, { y, dy, logSumExp }, rows, valueChannels);
  const operands = { q, k, v, blocks, dy, statistics };
  const uniforms = listUniforms(inputs, attrs);
  const dq = gpu.run({
    key: `selectedBlockAttentionQueryGradient ${channels} ${valueChannels}`,
    outputShape: q.shape,
    inputs: operands,
    uniforms: { rows, ...uniforms },
    threads: rows,
    code: () => queryGradientCode(channels, valueChannels),
  });
  const keyRows = batches * keyHeads * keys;
  const both = gpu.run({
    key: `selectedBlockAttentionKeyGradient ${channels} ${valueChannels}`,
    outputShape: [keyRows, channels + valueChannels],
    inputs: operands,
    uniforms: { rows: keyRows, ...uniforms },
    threads: keyRows,
    code: () => keyGradientCode(channels, valueChannels),
  });
  const dk = columnsOf(gpu, both, 0, channels, k.shape);
  const dv = columnsOf(gpu, both, channels, valueChannels, v.shape);
  gpu.dispose(both);
  gpu.dispose(statistics);
  return { dq, dk, dv };
};

function queryGradientCode(channels: number, valueChannels: number): string {
  return /* wgsl */ `
    // One thread per query of a head.
    fn main(index : i32) {
      let row = index;
      if (row >= uniforms.rows) { return; }
      ${queryCode}
      var gradient : array<f32, ${channels}>;
      for (var c = 0; c < ${channels}; c++) { gradient[c] = 0.0; }
      ${forEachKeyCode}
          var score = 0.0;
          var product = 0.0;
          for (var c = 0; c < ${channels}; c++) { score += q[row * ${channels} + c] * k[(keyRow + key) * ${channels} + c]; }
          for (var c = 0; c < ${valueChannels}; c++) { product += dy[row * ${valueChannels} + c] * v[(keyRow + key) * ${valueChannels} + c]; }
          let power = exp(score * uniforms.scale - statistics[2 * row]);
          let ofScore = power * (product - statistics[2 * row + 1]) * uniforms.scale;
          for (var c = 0; c < ${channels}; c++) { gradient[c] += ofScore * k[(keyRow + key) * ${channels} + c]; }
      } }
      for (var c = 0; c < ${channels}; c++) { result[row * ${channels} + c] = gradient[c]; }
    }`;
}

function keyGradientCode(channels: number, valueChannels: number): string {
  return /* wgsl */ `
    // One thread per key of a head; all queries of the heads that share it are asked.
    fn main(index : i32) {
      let row = index;
      if (row >= uniforms.rows) { return; }
      let key = row % uniforms.keys;
      let keyHead = row / uniforms.keys % uniforms.keyHeads;
      let batch = row / uniforms.keys / uniforms.keyHeads;
      let headsOfKey = uniforms.heads / uniforms.keyHeads;
      let block = key / uniforms.keyBlock;
      var keyGradient : array<f32, ${channels}>;
      var valueGradient : array<f32, ${valueChannels}>;
      for (var c = 0; c < ${channels}; c++) { keyGradient[c] = 0.0; }
      for (var c = 0; c < ${valueChannels}; c++) { valueGradient[c] = 0.0; }
      for (var head = keyHead * headsOfKey; head < (keyHead + 1) * headsOfKey; head++) {
        let firstList = (batch * uniforms.lists + head * uniforms.lists / uniforms.heads) * uniforms.listRows;
        for (var query = 0; query < uniforms.queries; query++) {
          if (uniforms.isCausal == 1 && key > query + uniforms.keys - uniforms.queries) { continue; }
          let listOfQuery = (firstList + query / uniforms.queryBlock) * uniforms.width;
          var isListed = false;
          for (var entry = 0; entry < uniforms.width; entry++) { isListed = isListed || blocks[listOfQuery + entry] == block; }
          if (!isListed) { continue; }
          let queryRow = (batch * uniforms.heads + head) * uniforms.queries + query;
          var score = 0.0;
          var product = 0.0;
          for (var c = 0; c < ${channels}; c++) { score += q[queryRow * ${channels} + c] * k[row * ${channels} + c]; }
          for (var c = 0; c < ${valueChannels}; c++) { product += dy[queryRow * ${valueChannels} + c] * v[row * ${valueChannels} + c]; }
          let power = exp(score * uniforms.scale - statistics[2 * queryRow]);
          let ofScore = power * (product - statistics[2 * queryRow + 1]) * uniforms.scale;
          for (var c = 0; c < ${channels}; c++) { keyGradient[c] += ofScore * q[queryRow * ${channels} + c]; }
          for (var c = 0; c < ${valueChannels}; c++) { valueGradient[c] += power * dy[queryRow * ${valueChannels} + c]; }
        }
      }
      let to = row * ${channels + valueChannels};
      for (var c = 0; c < ${channels}; c++) { result[to + c] = keyGradient[c]; }
      for (var c = 0; c < ${valueChannels}; c++) { result[to + ${channels} + c] = valueGradient[c]; }
    }`;
}
