import type { WasmKernel } from '@tfjs-sparse/core';
import { binaries } from '../wasm-binaries.js';
import type { EncodeTopK } from './attributes.js';

/** Rows that meet a panel of the dictionary while it lies in the cache: of 768 columns they fill 768 kB. */
const mostRows = 256;

export const encodeTopKWasm: WasmKernel<EncodeTopK> = ({ x, dictionary, bias }, { layout }, wasm) => {
  const { rows, features, k } = layout;
  const width = x.shape[1];
  const values = wasm.output([rows * k]);
  const indices = wasm.output([rows * k], 'int32');
  const threads = wasm.threadCount(binaries);
  const rowsOfItem = Math.min(Math.ceil(rows / threads / 4) * 4, mostRows);
  const scratchBytes = wasm.load(binaries).encodeTopKScratch(rowsOfItem, width, k);
  wasm.parallel(binaries, 'encodeTopK', rows * k === 0 ? 0 : Math.ceil(rows / rowsOfItem), {
    x: x.pointer,
    dictionary: dictionary.pointer,
    bias: bias?.pointer ?? 0,
    values: values.pointer,
    indices: indices.pointer,
    scratch: wasm.scratch(threads * scratchBytes),
    rows,
    features,
    width,
    k,
    rowsOfItem,
  });
  return { values, indices };
};
