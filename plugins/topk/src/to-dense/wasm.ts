import type { WasmKernel } from '@tfjs-sparse/core';
import { rowsOf } from '../k-sparse/rows-of.js';
import { binaries } from '../wasm-binaries.js';
import type { TakeEntries, ToDense } from './attributes.js';

export const toDenseWasm: WasmKernel<ToDense> = ({ values, indices }, { width }, wasm) => {
  const { shape } = indices;
  const dense = wasm.output([...shape.slice(0, -1), width]);
  const k = shape[shape.length - 1];
  wasm.load(binaries).toDense(values.pointer, indices.pointer, dense.pointer, rowsOf(shape), width, k);
  return { dense };
};

export const takeEntriesWasm: WasmKernel<TakeEntries> = ({ x, indices }, _attrs, wasm) => {
  const { shape } = indices;
  const values = wasm.output(shape);
  const [width, k] = [x.shape[x.shape.length - 1], shape[shape.length - 1]];
  wasm.load(binaries).takeEntries(x.pointer, indices.pointer, values.pointer, rowsOf(shape), width, k);
  return { values };
};
