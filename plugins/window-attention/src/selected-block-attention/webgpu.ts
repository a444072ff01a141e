import { f32, type GpuProgram, type WebgpuKernel } from '@tfjs-sparse/core';
import { sequenceSizes } from '../block-sparse-attention/sequence-sizes.js';
import { columnsOf } from '../set-dot-product-attention/webgpu.js';
import type { SelectedBlockAttention } from './attributes.js';

/** Lists are on the device and neighbouring queries may have different ones, so every query reads its own keys. */
export const selectedBlockAttentionWebgpu: WebgpuKernel<SelectedBlockAttention> = (inputs, attrs, gpu) => {
  const { q, k, v, blocks } = inputs;
  const { batches, heads, queries, keys, channels, valueChannels } = sequenceSizes(inputs);
  const [shape, rowShape] = [
    [batches, heads, queries, valueChannels],
    [batches, heads, queries],
  ];
  const rows = batches * heads * queries;
  if (rows * keys * blocks.shape[3] === 0) return { y: gpu.zeros(shape), logSumExp: gpu.zeros(rowShape) };
  const both = gpu.run({
    key: `selectedBlockAttention ${channels} ${valueChannels}`,
    outputShape: [rows, valueChannels + 1],
    inputs: { q, k, v, blocks },
    uniforms: { rows, ...listUniforms(inputs, attrs) },
    threads: rows,
    code: () => /* wgsl */ `
    // One thread per query of a head.
    fn main(index : i32) {
      let row = index;
      if (row >= uniforms.rows) { return; }
      ${queryCode}
      var query : array<f32, ${channels}>;
      var output : array<f32, ${valueChannels}>;
      for (var c = 0; c < ${channels}; c++) { query[c] = q[row * ${channels} + c] * uniforms.scale; }
      for (var c = 0; c < ${valueChannels}; c++) { output[c] = 0.0; }
      var most = -3.4028234e38;
      var sum = 0.0;
      ${forEachKeyCode}
          var score = 0.0;
          for (var c = 0; c < ${channels}; c++) { score += query[c] * k[(keyRow + key) * ${channels} + c]; }
          let greatest = max(most, score);
          let kept = exp(most - greatest);
          let power = exp(score - greatest);
          sum = sum * kept + power;
          for (var c = 0; c < ${valueChannels}; c++) { output[c] = output[c] * kept + power * v[(keyRow + key) * ${valueChannels} + c]; }
          most = greatest;
      } }
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

/** WGSL of a thread per query: where its list and the rows of its keys begin. */
export const queryCode = /* wgsl */ `
      let place = row % uniforms.queries;
      let head = row / uniforms.queries % uniforms.heads;
      let batch = row / uniforms.queries / uniforms.heads;
      let keyRow = (batch * uniforms.keyHeads + head * uniforms.keyHeads / uniforms.heads) * uniforms.keys;
      let listOfRow = (batch * uniforms.lists + head * uniforms.lists / uniforms.heads) * uniforms.listRows + place / uniforms.queryBlock;`;

/** WGSL: the beginning of loops over the listed blocks and their keys. */
export const forEachKeyCode = /* wgsl */ `
      for (var entry = 0; entry < uniforms.width; entry++) {
      let block = blocks[listOfRow * uniforms.width + entry];
      let causalEnd = select(uniforms.keys, place + uniforms.keys - uniforms.queries + 1, uniforms.isCausal == 1);
      let end = min((block + 1) * uniforms.keyBlock, min(uniforms.keys, causalEnd));
      for (var key = select(block * uniforms.keyBlock, end, block < 0); key < end; key++) {`;

/** What programs over lists read. */
export function listUniforms(
  operands: Readonly<Record<'q' | 'v' | 'blocks', { readonly shape: readonly number[] }>>,
  { queryBlock, keyBlock, isCausal, scale }: SelectedBlockAttention['attrs'],
): NonNullable<GpuProgram['uniforms']> {
  const { heads, keyHeads, queries, keys } = sequenceSizes(operands);
  const [, lists, listRows, width] = operands.blocks.shape;
  const sizes = { heads, keyHeads, queries, keys, lists, listRows, width, queryBlock, keyBlock };
  return { ...sizes, isCausal: Number(isCausal), scale: f32(scale) };
}
