import type { CpuKernel, HostTensor } from '@tfjs-sparse/core';
import type { AttentionMask } from '../attention-masks/attention-mask.js';
import { blockLists } from '../attention-masks/block-lists.js';
import { causalMask } from '../attention-masks/combinations.js';
import { blockSparseAttentionCpu } from '../block-sparse-attention/cpu.js';
import { blockSparseAttentionGradientCpu } from '../block-sparse-attention/gradient-cpu.js';
import type { SelectedBlockAttention, SelectedBlockAttentionGradient } from './attributes.js';

export const selectedBlockAttentionCpu: CpuKernel<SelectedBlockAttention> = (inputs, attrs) =>
  blockSparseAttentionCpu(inputs, masked(inputs, attrs));

export const selectedBlockAttentionGradientCpu: CpuKernel<SelectedBlockAttentionGradient> = (inputs, attrs) =>
  blockSparseAttentionGradientCpu(inputs, masked(inputs, attrs));

/** The same attention with a mask. */
function masked(
  { q, k, blocks }: { readonly q: HostTensor; readonly k: HostTensor; readonly blocks: HostTensor<'int32'> },
  { queryBlock, keyBlock, isCausal, scale }: SelectedBlockAttention['attrs'],
): { mask: AttentionMask; queries: number; keys: number; scale: number } {
  const [batches, heads, rows, width] = blocks.shape;
  const listOf = (row: number) =>
    [...blocks.values.subarray(row * width, (row + 1) * width)].filter((block) => block >= 0);
  const lists = Array.from({ length: batches }, (_, batch) =>
    Array.from({ length: heads }, (_, head) =>
      Array.from({ length: rows }, (_, row) => listOf((batch * heads + head) * rows + row)),
    ),
  );
  const mask = blockLists({ blockSize: { queries: queryBlock, keys: keyBlock }, lists });
  return { mask: isCausal ? causalMask(mask) : mask, queries: q.shape[2], keys: k.shape[2], scale };
}
