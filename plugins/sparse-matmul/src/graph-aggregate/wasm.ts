import type { WasmKernel, WasmScope, WasmTensor } from '@tfjs-sparse/core';
import type { CompressedRows } from '../sparse-matrix/compressed-rows.js';
import { binaries } from '../wasm-binaries.js';
import type { AggregateAttrs, EntriesAttrs } from './op.js';

type Numbers = readonly number[];

interface AggregateExports {
  aggregateArgmax(...numbers: Numbers): void;
  aggregateMaxGradient(...numbers: Numbers): void;
  greatestEntryProducts(...numbers: Numbers): void;
}

const rowsOfItem = 64; // as in entries.as.ts: enough rows for a thread to be worth waking

export const aggregate: WasmKernel<'x' | 'values', AggregateAttrs> = ({ x, values }, { entries, reduction }, wasm) => {
  const { rowCount } = entries;
  const features = x.shape[1];
  const from = sources(x, values, entries, wasm);
  const y = wasm.output([rowCount, features]);
  const numbers = [...from, y.pointer, rowCount, features];
  const tiles = Math.ceil(rowCount / rowsOfItem);
  if (reduction === 'max') wasm.parallel(binaries, 'aggregateMax', tiles, numbers);
  else wasm.parallel(binaries, 'aggregateSum', tiles, [...numbers, reduction === 'mean' ? 1 : 0]);
  return y;
};

export const argmax: WasmKernel<'x' | 'values', EntriesAttrs> = ({ x, values }, { entries }, wasm) => {
  const { rowCount } = entries;
  const features = x.shape[1];
  const from = sources(x, values, entries, wasm);
  const places = wasm.output([rowCount, features]);
  wasm.load<AggregateExports>(binaries).aggregateArgmax(...from, places.pointer, rowCount, features);
  return places;
};

export const maxGradient: WasmKernel<'dy' | 'argmax' | 'values', EntriesAttrs> = (inputs, { entries }, wasm) => {
  const { dy, argmax: places, values } = inputs;
  const { rowCount, columnCount } = entries;
  const features = dy.shape[1];
  const starts = wasm.table(entries.starts);
  const columns = wasm.table(entries.columns);
  const dx = wasm.output([columnCount, features]);
  const pointers = [dy.pointer, places.pointer, values?.pointer ?? 0, starts, columns, dx.pointer];
  wasm.load<AggregateExports>(binaries).aggregateMaxGradient(...pointers, rowCount, columnCount, features);
  return dx;
};

export const entryProducts: WasmKernel<'a' | 'b' | 'argmax', EntriesAttrs> = (inputs, { entries }, wasm) => {
  const { a, b, argmax: places } = inputs;
  const { rowCount, entryCount } = entries;
  const features = a.shape[1];
  const starts = wasm.table(entries.starts);
  const columns = wasm.table(entries.columns);
  const products = wasm.output([entryCount]);
  if (places) {
    const pointers = [a.pointer, b.pointer, places.pointer, starts, columns, products.pointer];
    wasm.load<AggregateExports>(binaries).greatestEntryProducts(...pointers, rowCount, entryCount, features);
  } else {
    const numbers = [a.pointer, b.pointer, starts, columns, products.pointer, rowCount, features];
    wasm.parallel(binaries, 'entryProducts', Math.ceil(rowCount / rowsOfItem), numbers);
  }
  return products;
};

/** x, values, order, starts and columns, as the kernels take them. */
function sources(x: WasmTensor, values: WasmTensor | undefined, entries: CompressedRows, wasm: WasmScope): number[] {
  const order = values && entries.order ? wasm.table(entries.order) : 0;
  return [x.pointer, values?.pointer ?? 0, order, wasm.table(entries.starts), wasm.table(entries.columns)];
}
