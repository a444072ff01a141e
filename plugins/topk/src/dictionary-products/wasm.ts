import type { WasmKernel, WasmScope, WasmTensor } from '@tfjs-sparse/core';
import type { EntryLayout } from '../k-sparse/entry-layout.js';
import { binaries } from '../wasm-binaries.js';
import type { DictionaryGradient, FeatureSums, SparseDecode, SparseEncode } from './attributes.js';

const rowsOfItem = 4;
const featuresOfItem = 64;
const entryBytes = 8;
const wordBytes = 4;

export const sparseDecodeWasm: WasmKernel<SparseDecode> = ({ values, indices, dictionary, bias }, { layout }, wasm) => {
  const sizes = sizesOf(indices, layout);
  const width = dictionary.shape[1];
  const y = wasm.output([layout.rows, width]);
  const listBytes = (layout.k ?? Math.min(sizes.entries, layout.features)) * entryBytes;
  wasm.parallel(binaries, 'sparseDecode', Math.ceil(layout.rows / rowsOfItem), {
    ...sizes,
    values: values.pointer,
    indices: indices.pointer,
    dictionary: dictionary.pointer,
    bias: bias?.pointer ?? 0,
    y: y.pointer,
    lists: wasm.scratch(wasm.threadCount(binaries) * listBytes),
    listBytes,
    width,
    rowsOfItem,
  });
  return { y };
};

export const sparseEncodeWasm: WasmKernel<SparseEncode> = ({ x, dictionary, indices, bias }, { layout }, wasm) => {
  const values = wasm.output(indices.shape);
  wasm.parallel(binaries, 'sparseEncode', Math.ceil(layout.rows / rowsOfItem), {
    ...sizesOf(indices, layout),
    x: x.pointer,
    dictionary: dictionary.pointer,
    indices: indices.pointer,
    bias: bias?.pointer ?? 0,
    values: values.pointer,
    width: dictionary.shape[1],
    rowsOfItem,
  });
  return { values };
};

export const dictionaryGradientWasm: WasmKernel<DictionaryGradient> = ({ values, indices, x }, { layout }, wasm) => {
  const { rows, features, entries, k } = sizesOf(indices, layout);
  const width = x.shape[1];
  const gradient = wasm.output([features, width]);
  const starts = wasm.scratch((features + 2) * wordBytes);
  const ordered = wasm.scratch(entries * entryBytes);
  const { orderByFeature } = wasm.load(binaries);
  orderByFeature(values.pointer, indices.pointer, starts, ordered, rows, features, width, entries, k);
  wasm.parallel(binaries, 'dictionaryGradient', Math.ceil(features / featuresOfItem), {
    starts,
    ordered,
    x: x.pointer,
    gradient: gradient.pointer,
    totals: scratchTotals(wasm, wasm.threadCount(binaries) * width),
    features,
    width,
    featuresOfItem,
  });
  return { gradient };
};

export const featureSumsWasm: WasmKernel<FeatureSums> = ({ values, indices }, { layout }, wasm) => {
  const { rows, features, entries, k } = sizesOf(indices, layout);
  const sums = wasm.output([features]);
  const totals = scratchTotals(wasm, features);
  wasm.load(binaries).featureSums(values.pointer, indices.pointer, totals, sums.pointer, rows, features, entries, k);
  return { sums };
};

function sizesOf(indices: WasmTensor, { rows, features, k }: EntryLayout) {
  return { rows, features, k: k ?? 0, entries: indices.shape[0] };
}

function scratchTotals(wasm: WasmScope, count: number): number {
  return wasm.scratch(count * Float64Array.BYTES_PER_ELEMENT);
}
