import type { WasmKernel } from '@tfjs-sparse/core';
import { rowsOf } from '../k-sparse/rows-of.js';
import { chunkOf } from '../selection/chunk-of.js';
import { binaries } from '../wasm-binaries.js';
import type { TopK } from './attributes.js';

const itemValues = 1 << 17; // of x: rows enough that the first, before which no row was seen, does not count much

export const topKWasm: WasmKernel<TopK> = ({ x }, { k, counts, width }, wasm) => {
  const rows = rowsOf(x.shape);
  const shape = [...x.shape.slice(0, -1), k];
  const values = wasm.output(shape);
  const indices = wasm.output(shape, 'int32');
  const rowsOfItem = Math.max(Math.floor(itemValues / Math.max(width, 1)), 1);
  const scratchBytes = wasm.load(binaries).topKScratch(width);
  wasm.parallel(binaries, 'topK', k === 0 ? 0 : Math.ceil(rows / rowsOfItem), {
    x: x.pointer,
    counts: counts ? wasm.table(counts) : 0,
    values: values.pointer,
    indices: indices.pointer,
    scratch: wasm.scratch(wasm.threadCount(binaries) * scratchBytes),
    rows,
    width,
    k,
    chunk: chunkOf(width, k),
    rowsOfItem,
  });
  return { values, indices };
};
