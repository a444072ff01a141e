import type { WasmKernel } from '@tfjs-sparse/core';
import { attentionPlan } from '../attention-masks/attention-plan.js';
import { binaries } from '../wasm-binaries.js';
import type { BlockSparseAttentionGradient } from './attributes.js';
import { sequenceSizes } from './sequence-sizes.js';
import { panelQueries } from './wasm.js';

export const blockSparseAttentionGradientWasm: WasmKernel<BlockSparseAttentionGradient> = (inputs, attrs, wasm) => {
  const { q, k, v, y, logSumExp, dy } = inputs;
  const { mask, scale } = attrs;
  const { batches, heads, keyHeads, queries, keys, channels, valueChannels } = sequenceSizes(inputs);
  const plan = attentionPlan(mask, queries, keys, panelQueries);
  const [dq, dk, dv] = [q, k, v].map(({ shape }) => wasm.output(shape));
  const scratchBytes = wasm.load(binaries).blockSparseAttentionGradientScratch(keys, channels, valueChannels);
  wasm.parallel(binaries, 'blockSparseAttentionGradient', batches * keyHeads, {
    q: q.pointer,
    k: k.pointer,
    v: v.pointer,
    y: y.pointer,
    logSumExp: logSumExp.pointer,
    dy: dy.pointer,
    starts: wasm.table(plan.starts),
    segments: wasm.table(plan.segments),
    bits: wasm.table(plan.bits),
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
    patternBatches: mask.batches,
    patternHeads: mask.heads,
    scale,
  });
  return { dq, dk, dv };
};
