import type { WasmKernel, WasmScope, WasmTensor } from '@tfjs-sparse/core';
import { longestRow } from '../set-dot-product-attention/longest-row.js';
import { binaries } from '../wasm-binaries.js';
import type { SetAttention } from './attributes.js';

export const setAttentionWasm: WasmKernel<SetAttention> = (inputs, attrs, wasm) => {
  const { x, qkv, output, position, qkvBias, outputBias, bias } = inputs;
  const { lists, heads, scale, positions, rope } = attrs;
  const channels = x.shape[1];
  const y = wasm.output(x.shape);
  const mostRows = Math.max(longestRow(lists.queries), longestRow(lists.keys));
  const scratchBytes = wasm.load(binaries).setAttentionScratch(mostRows, channels, heads);
  wasm.parallel(binaries, 'setAttention', lists.queries.rowCount, {
    x: x.pointer,
    position: position?.pointer ?? 0,
    qkv: panels(wasm, qkv, channels, 3),
    qkvBias: qkvBias?.pointer ?? 0,
    output: panels(wasm, output, channels, 1),
    outputBias: outputBias?.pointer ?? 0,
    turns: rope ? wasm.table(rope.turns) : 0,
    ropeAxes: rope?.axes ?? 0,
    bias: bias?.pointer ?? 0,
    coordinates: positions ? wasm.table(positions.coordinates) : 0,
    axes: positions?.axes ?? 0,
    bound: positions?.bound ?? 0,
    queryStarts: wasm.table(lists.queries.starts),
    queries: wasm.table(lists.queries.columns),
    keyStarts: wasm.table(lists.keys.starts),
    keys: wasm.table(lists.keys.columns),
    y: y.pointer,
    scratch: wasm.scratch(wasm.threadCount(binaries) * scratchBytes),
    mostRows,
    heads,
    channels,
    scale,
  });
  return { y };
};

/** `count` square matrices that stand beside each other, each in panels of its own. */
function panels(wasm: WasmScope, matrix: WasmTensor, channels: number, count: number): number {
  const { packPanels, panelsBytes } = wasm.load(binaries);
  const bytes = panelsBytes(channels, channels);
  return wasm.packed(matrix, 'setAttention', count * bytes, (pointer) => {
    for (let part = 0; part < count; part++) {
      packPanels(matrix.pointer, count * channels, part * channels, channels, channels, pointer + part * bytes);
    }
  });
}
