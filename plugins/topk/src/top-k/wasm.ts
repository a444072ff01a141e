import type { WasmKernel } from '@tfjs-sparse/core';
import { binaries } from '../wasm-binaries.js';
import type { TopK, TopKGradient } from './attributes.js';
import { rowsOf } from './rows-of.js';

const itemValues = 1 << 13; // of x: microseconds of work, enough for a thread to be worth waking

export const topK: WasmKernel<TopK> = ({ x }, { k, width }, wasm) => {
  const rows = rowsOf(x.shape);
  const shape = [...x.shape.slice(0, -1), k];
  const values = wasm.output(shape);
  const indices = wasm.output(shape, 'int32');
  const rowsOfItem = Math.max(Math.floor(itemValues / Math.max(width, 1)), 1);
  wasm.parallel(binaries, 'topK', k === 0 ? 0 : Math.ceil(rows / rowsOfItem), {
    x: x.pointer,
    values: values.pointer,
    indices: indices.pointer,
    heaps: wasm.scratch(wasm.threadCount(binaries) * k * BigUint64Array.BYTES_PER_ELEMENT),
    rows,
    width,
    k,
    rowsOfItem,
  });
  return { values, indices };
};

export const topKGradient: WasmKernel<TopKGradient> = ({ dy, indices }, { width }, wasm) => {
  const rows = rowsOf(dy.shape);
  const k = dy.shape[dy.shape.length - 1];
  const dx = wasm.output([...dy.shape.slice(0, -1), width]);
  wasm.load(binaries).topKGradient(dy.pointer, indices.pointer, dx.pointer, rows, width, k);
  return { dx };
};
