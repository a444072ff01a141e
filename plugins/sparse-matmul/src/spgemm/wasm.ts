import type { WasmKernel } from '@tfjs-sparse/core';
import { binaries } from '../wasm-binaries.js';
import type { RowDots, Spgemm } from './attributes.js';

const wordBytes = 4;

export const spgemm: WasmKernel<Spgemm> = ({ aValues, bValues }, { a, b, product }, wasm) => {
  const values = wasm.output([product.entryCount]);
  wasm
    .load(binaries)
    .spgemm(
      aValues.pointer,
      wasm.table(a.starts),
      wasm.table(a.columns),
      bValues.pointer,
      wasm.table(b.starts),
      wasm.table(b.columns),
      wasm.table(product.starts),
      wasm.table(product.columns),
      values.pointer,
      wasm.scratch(product.columnCount * wordBytes),
      a.rowCount,
    );
  return { values };
};

export const rowDots: WasmKernel<RowDots> = ({ xValues, yValues }, { x, y, pairs }, wasm) => {
  const dots = wasm.output([pairs.entryCount]);
  wasm
    .load(binaries)
    .rowDots(
      xValues.pointer,
      x.order ? wasm.table(x.order) : 0,
      wasm.table(x.starts),
      wasm.table(x.columns),
      yValues.pointer,
      y.order ? wasm.table(y.order) : 0,
      wasm.table(y.starts),
      wasm.table(y.columns),
      wasm.table(pairs.starts),
      wasm.table(pairs.columns),
      dots.pointer,
      wasm.scratch(x.columnCount * wordBytes),
      wasm.scratch(x.columnCount * wordBytes),
      x.rowCount,
      x.columnCount,
    );
  return { dots };
};
