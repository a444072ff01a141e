import type { WasmKernel } from '@tfjs-sparse/core';
import { binaries } from '../wasm-binaries.js';
import { longestRow } from './longest-row.js';
import type { AnySetAttention } from './attributes.js';

export const setDotProductAttentionWasm: WasmKernel<AnySetAttention> = ({ q, k, v, bias }, attrs, wasm) => {
  const { lists, heads, scale, positions } = attrs;
  const channels = q.shape[1] / heads;
  const y = wasm.output(q.shape);
  const logSumExp = wasm.output([q.shape[0], heads]);
  const mostKeys = longestRow(lists.keys);
  const scratchBytes = wasm.load(binaries).attendHeadScratch(mostKeys, channels);
  wasm.parallel(binaries, 'setDotProductAttention', lists.queries.rowCount * heads, {
    q: q.pointer,
    k: k.pointer,
    v: v.pointer,
    bias: bias?.pointer ?? 0,
    coordinates: positions ? wasm.table(positions.coordinates) : 0,
    queryStarts: wasm.table(lists.queries.starts),
    queries: wasm.table(lists.queries.columns),
    keyStarts: wasm.table(lists.keys.starts),
    keys: wasm.table(lists.keys.columns),
    y: y.pointer,
    logSumExp: logSumExp.pointer,
    scratch: wasm.scratch(wasm.threadCount(binaries) * scratchBytes),
    heads,
    channels,
    mostKeys,
    axes: positions?.axes ?? 0,
    bound: positions?.bound ?? 0,
    scale,
  });
  return { y, logSumExp };
};
