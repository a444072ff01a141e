import type { WasmKernel } from '@tfjs-sparse/core';
import { attentionPlan } from '../attention-masks/attention-plan.js';
import { binaries } from '../wasm-binaries.js';
import type { BlockSparseAttention } from './attributes.js';
import { sequenceSizes } from './sequence-sizes.js';

/** Queries of a panel: two vectors. */
export const panelQueries = 8;
/** Panels of an item: enough work for a thread, and enough items for all of them. */
export const panelsOfItem = 16;
/** Up to so many queries it costs less to read keys and values where they are than to lay them out (decoding). */
export const fewQueries = 2;

export const blockSparseAttentionWasm: WasmKernel<BlockSparseAttention> = (inputs, attrs, wasm) =>
  (inputs.q.shape[2] <= fewQueries ? attendRows : attendPanels)(inputs, attrs, wasm);

const attendRows: WasmKernel<BlockSparseAttention> = ({ q, k, v }, { mask, scale }, wasm) => {
  const { batches, heads, keyHeads, queries, keys, channels, valueChannels } = sequenceSizes({ q, v });
  const plan = attentionPlan(mask, queries, keys, panelQueries);
  const y = wasm.output([batches, heads, queries, valueChannels]);
  const logSumExp = wasm.output([batches, heads, queries]);
  const scratchBytes = wasm.load(binaries).blockSparseRowsScratch(keys);
  wasm.parallel(binaries, 'blockSparseRows', batches * heads * queries, {
    q: q.pointer,
    k: k.pointer,
    v: v.pointer,
    starts: wasm.table(plan.starts),
    segments: wasm.table(plan.segments),
    bits: wasm.table(plan.bits),
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
    patternBatches: mask.batches,
    patternHeads: mask.heads,
    scale,
  });
  return { y, logSumExp };
};

const attendPanels: WasmKernel<BlockSparseAttention> = ({ q, k, v }, { mask, scale }, wasm) => {
  const { batches, heads, keyHeads, queries, keys, channels, valueChannels } = sequenceSizes({ q, v });
  const plan = attentionPlan(mask, queries, keys, panelQueries);
  const { firstKey, endKey } = plan;
  const keyCount = endKey - firstKey;
  const y = wasm.output([batches, heads, queries, valueChannels]);
  const logSumExp = wasm.output([batches, heads, queries]);
  const { sequenceKeysBytes, sequenceValuesBytes, sequencePanelScratch } = wasm.load(binaries);
  const matrices = batches * keyHeads;
  const keyFours = wasm.scratch(matrices * sequenceKeysBytes(keyCount, channels));
  const valueBlocks = wasm.scratch(matrices * sequenceValuesBytes(keyCount, valueChannels));
  const excess = wasm.scratch(matrices * Float32Array.BYTES_PER_ELEMENT);
  const laidOut = { keyFours, valueBlocks, excess, firstKey, keyCount, channels, valueChannels };
  wasm.parallel(binaries, 'layOutSequences', matrices, { k: k.pointer, v: v.pointer, keys, ...laidOut });
  const items = Math.ceil(plan.panels / panelsOfItem);
  const scratchBytes = sequencePanelScratch(channels, valueChannels);
  wasm.parallel(binaries, 'blockSparseAttention', batches * heads * items, {
    ...laidOut,
    q: q.pointer,
    starts: wasm.table(plan.starts),
    segments: wasm.table(plan.segments),
    bits: wasm.table(plan.bits),
    y: y.pointer,
    logSumExp: logSumExp.pointer,
    scratch: wasm.scratch(wasm.threadCount(binaries) * scratchBytes),
    heads,
    keyHeads,
    queries,
    patternBatches: mask.batches,
    patternHeads: mask.heads,
    items,
    panelsOfItem,
    scale,
  });
  return { y, logSumExp };
};
