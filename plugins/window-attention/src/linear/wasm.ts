import type { WasmKernel, WasmScope, WasmTensor } from '@tfjs-sparse/core';
import { binaries } from '../wasm-binaries.js';
import type { Linear, RowProducts } from './attributes.js';

const tileRows = 32; // as in linear.as.ts
const codes = { linear: 0, relu: 1, gelu: 2 };
const mostParts = 16; // of rows, whose sums are kept apart: the same bits on any number of threads

export const linearWasm: WasmKernel<Linear> = ({ x, matrix, bias }, { activation }, wasm) => {
  const [rows, inner] = x.shape;
  const columns = matrix.shape[1];
  const { linearScratch } = wasm.load(binaries);
  const y = wasm.output([rows, columns]);
  const scratchBytes = linearScratch(inner, columns);
  wasm.parallel(binaries, 'linear', Math.ceil(rows / tileRows), {
    x: x.pointer,
    panels: panels(wasm, matrix, inner, columns),
    bias: panels(wasm, bias, 1, columns),
    y: y.pointer,
    rows,
    inner,
    columns,
    activation: codes[activation],
    scratch: wasm.scratch(wasm.threadCount(binaries) * scratchBytes),
  });
  return { y };
};

function panels(wasm: WasmScope, matrix: WasmTensor, inner: number, columns: number): number {
  const { packPanels, panelsBytes } = wasm.load(binaries);
  return wasm.packed(matrix, 'linear', panelsBytes(inner, columns), (pointer) =>
    packPanels(matrix.pointer, columns, 0, inner, columns, pointer),
  );
}

export const rowProductsWasm: WasmKernel<RowProducts> = ({ x, dy }, _, wasm) => {
  const [rows, inner] = x.shape;
  const columns = dy.shape[1];
  const { addParts, rowProductsScratch } = wasm.load(binaries);
  const partRows = Math.max(1024, Math.ceil(rows / mostParts));
  const parts = Math.ceil(rows / partRows);
  const size = Math.ceil(inner / 4) * 4 * Math.ceil(columns / 8) * 8;
  const totals = wasm.scratch(parts * size * Float64Array.BYTES_PER_ELEMENT);
  wasm.parallel(binaries, 'rowProducts', parts, {
    x: x.pointer,
    dy: dy.pointer,
    totals,
    rows,
    partRows,
    inner,
    columns,
    scratch: wasm.scratch(wasm.threadCount(binaries) * rowProductsScratch(inner, columns)),
  });
  const products = wasm.output([inner, columns]);
  addParts(totals, parts, inner, columns, products.pointer);
  return { products };
};
