import type { WasmKernel, WasmTensor } from '@tfjs-sparse/core';
import { sequenceSizes } from '../block-sparse-attention/sequence-sizes.js';
import { fewQueries, panelQueries, panelsOfItem } from '../block-sparse-attention/wasm.js';
import { binaries } from '../wasm-binaries.js';
import type { SelectedBlockAttention, SelectedBlockAttentionGradient } from './attributes.js';

export const selectedBlockAttentionWasm: WasmKernel<SelectedBlockAttention> = (inputs, attrs, wasm) =>
  (inputs.q.shape[2] <= fewQueries ? attendRows : attendPanels)(inputs, attrs, wasm);

const attendRows: WasmKernel<SelectedBlockAttention> = (inputs, attrs, wasm) => {
  const { q, k, v, blocks } = inputs;
  const { batches, heads, keyHeads, queries, keys, channels, valueChannels } = sequenceSizes(inputs);
  const y = wasm.output([batches, heads, queries, valueChannels]);
  const logSumExp = wasm.output([batches, heads, queries]);
  const scratchBytes = wasm.load(binaries).selectedRowsScratch(keys, attrs.keyBlock);
  wasm.parallel(binaries, 'selectedRows', batches * heads * queries, {
    ...listNumbers(blocks, attrs),
    q: q.pointer,
    k: k.pointer,
    v: v.pointer,
    y: y.pointer,
    logSumExp: logSumExp.pointer,
    scratch: wasm.scratch(wasm.threadCount(binaries) * scratchBytes),
    scratchBytes,
    heads,
    keyHeads,
    queries,
    keys,
    channels,
    valueChannels,
  });
  return { y, logSumExp };
};

const attendPanels: WasmKernel<SelectedBlockAttention> = (inputs, attrs, wasm) => {
  const { q, k, v, blocks } = inputs;
  const { batches, heads, keyHeads, queries, keys, channels, valueChannels } = sequenceSizes(inputs);
  const y = wasm.output([batches, heads, queries, valueChannels]);
  const logSumExp = wasm.output([batches, heads, queries]);
  const exports = wasm.load(binaries);
  const matrices = batches * keyHeads;
  const laidOut = {
    keyFours: wasm.scratch(matrices * exports.sequenceKeysBytes(keys, channels)),
    valueBlocks: wasm.scratch(matrices * exports.sequenceValuesBytes(keys, valueChannels)),
    excess: wasm.scratch(matrices * Float32Array.BYTES_PER_ELEMENT),
    keys,
    channels,
    valueChannels,
  };
  const layOut = { k: k.pointer, v: v.pointer, ...laidOut, firstKey: 0, keyCount: keys };
  wasm.parallel(binaries, 'layOutSequences', matrices, layOut);
  const items = Math.ceil(queries / panelQueries / panelsOfItem);
  const scratchBytes = exports.selectedBlockAttentionScratch(keys, attrs.keyBlock, channels, valueChannels);
  wasm.parallel(binaries, 'selectedBlockAttention', batches * heads * items, {
    ...laidOut,
    ...listNumbers(blocks, attrs),
    q: q.pointer,
    y: y.pointer,
    logSumExp: logSumExp.pointer,
    scratch: wasm.scratch(wasm.threadCount(binaries) * scratchBytes),
    scratchBytes,
    heads,
    keyHeads,
    queries,
    items,
    panelsOfItem,
  });
  return { y, logSumExp };
};

export const selectedBlockAttentionGradientWasm: WasmKernel<SelectedBlockAttentionGradient> = (inputs, attrs, wasm) => {
  const { q, k, v, blocks, y, logSumExp, dy } = inputs;
  const { batches, heads, keyHeads, queries, keys, channels, valueChannels } = sequenceSizes(inputs);
  const [dq, dk, dv] = [q, k, v].map(({ shape }) => wasm.output(shape));
  const { selectedBlockAttentionGradientScratch } = wasm.load(binaries);
  const scratchBytes = selectedBlockAttentionGradientScratch(keys, attrs.keyBlock, channels, valueChannels);
  wasm.parallel(binaries, 'selectedBlockAttentionGradient', batches * keyHeads, {
    ...listNumbers(blocks, attrs),
    q: q.pointer,
    k: k.pointer,
    v: v.pointer,
    y: y.pointer,
    logSumExp: logSumExp.pointer,
    dy: dy.pointer,
    dq: dq.pointer,
    dk: dk.pointer,
    dv: dv.pointer,
    scratch: wasm.scratch(wasm.threadCount(binaries) * scratchBytes),
    scratchBytes,
    heads,
    keyHeads,
    queries,
    keys,
    channels,
    valueChannels,
  });
  return { dq, dk, dv };
};

function listNumbers(blocks: WasmTensor, { queryBlock, keyBlock, isCausal, scale }: SelectedBlockAttention['attrs']) {
  const [, lists, , width] = blocks.shape;
  return { blocks: blocks.pointer, lists, width, queryBlock, keyBlock, isCausal, scale };
}
