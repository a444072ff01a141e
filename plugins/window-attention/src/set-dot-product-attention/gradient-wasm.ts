import type { WasmKernel } from '@tfjs-sparse/core';
import { binaries } from '../wasm-binaries.js';
import type { SetAttentionGradient } from './attributes.js';
import { longestRow } from './longest-row.js';

export const setAttentionGradientWasm: WasmKernel<SetAttentionGradient> = (inputs, attrs, wasm) => {
  const { q, k, v, bias, y, logSumExp, dy } = inputs;
  const { lists, heads, scale, positions } = attrs;
  const channels = q.shape[1] / heads;
  const sets = lists.queries.rowCount;
  const [dq, dk, dv] = [q.shape[0], lists.keys.entryCount, lists.keys.entryCount].map((rows) => {
    return wasm.output([rows, q.shape[1]]);
  });
  const biasRows = bias?.shape[0] ?? 0;
  const dbias = wasm.output([sets, biasRows * heads]);
  const [mostQueries, mostKeys] = [longestRow(lists.queries), longestRow(lists.keys)];
  const scratchBytes = wasm.load(binaries).setAttentionGradientScratch(mostQueries, mostKeys, channels, biasRows);
  wasm.parallel(binaries, 'setAttentionGradient', sets * heads, {
    q: q.pointer,
    k: k.pointer,
    v: v.pointer,
    bias: bias?.pointer ?? 0,
    coordinates: positions ? wasm.table(positions.coordinates) : 0,
    y: y.pointer,
    logSumExp: logSumExp.pointer,
    dy: dy.pointer,
    queryStarts: wasm.table(lists.queries.starts),
    queries: wasm.table(lists.queries.columns),
    keyStarts: wasm.table(lists.keys.starts),
    keys: wasm.table(lists.keys.columns),
    dq: dq.pointer,
    dk: dk.pointer,
    dv: dv.pointer,
    dbias: dbias.pointer,
    scratch: wasm.scratch(wasm.threadCount(binaries) * scratchBytes),
    scratchBytes,
    heads,
    channels,
    mostQueries,
    mostKeys,
    axes: positions?.axes ?? 0,
    bound: positions?.bound ?? 0,
    scale,
  });
  return { dq, dk, dv, dbias };
};
