import type { WasmKernel } from '@tfjs-sparse/core';
import { binaries } from '../wasm-binaries.js';
import type { Quest } from './attributes.js';

export const questWasm: WasmKernel<Quest> = ({ q, least, greatest }, { lists, count }, wasm) => {
  const [batches, heads, , channels] = q.shape;
  const [, keyHeads, pageCount] = least.shape;
  const pages = wasm.output([batches, lists, 1, count + 1], 'int32');
  wasm.parallel(binaries, 'quest', batches * lists, {
    q: q.pointer,
    least: least.pointer,
    greatest: greatest.pointer,
    pages: pages.pointer,
    scores: wasm.scratch(4 * count * wasm.threadCount(binaries)),
    heads,
    keyHeads,
    pageCount,
    channels,
    lists,
    count,
  });
  return { pages };
};
