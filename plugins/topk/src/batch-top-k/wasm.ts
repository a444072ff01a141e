import type { WasmKernel } from '@tfjs-sparse/core';
import { chunkOf } from '../selection/chunk-of.js';
import { binaries } from '../wasm-binaries.js';
import type { BatchTopK } from './attributes.js';

export const batchTopKWasm: WasmKernel<BatchTopK> = ({ x }, { count, elements }, wasm) => {
  const values = wasm.output([count]);
  const indices = wasm.output([count], 'int32');
  if (count === 0) return { values, indices };
  const { batchTopK, batchKeyBytes, batchListBytes } = wasm.load(binaries);
  const chunk = chunkOf(elements, count);
  const keys = wasm.scratch(batchKeyBytes(elements, count, chunk));
  const lists = wasm.scratch(4 * batchListBytes(count));
  batchTopK(x.pointer, values.pointer, indices.pointer, keys, lists, elements, count, chunk);
  return { values, indices };
};
