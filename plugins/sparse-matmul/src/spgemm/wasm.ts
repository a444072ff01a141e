import type { WasmKernel, WasmScope } from '@tfjs-sparse/core';
import type { CompressedRows } from '../sparse-matrix/compressed-rows.js';
import { binaries } from '../wasm-binaries.js';
import type { RowDotsAttrs, SpgemmAttrs } from './op.js';

interface SpgemmExports {
  spgemm(...numbers: readonly number[]): void;
  rowDots(...numbers: readonly number[]): void;
}

const wordBytes = 4;

export const spgemm: WasmKernel<'aValues' | 'bValues', SpgemmAttrs> = ({ aValues, bValues }, attrs, wasm) => {
  const { a, b, product } = attrs;
  const left = [aValues.pointer, wasm.table(a.starts), wasm.table(a.columns)];
  const right = [bValues.pointer, wasm.table(b.starts), wasm.table(b.columns)];
  const places = [wasm.table(product.starts), wasm.table(product.columns)];
  const values = wasm.output([product.entryCount]);
  const sums = wasm.scratch(product.columnCount * wordBytes);
  wasm.load<SpgemmExports>(binaries).spgemm(...left, ...right, ...places, values.pointer, sums, a.rowCount);
  return values;
};

export const rowDots: WasmKernel<'xValues' | 'yValues', RowDotsAttrs> = ({ xValues, yValues }, attrs, wasm) => {
  const { x, y, pairs } = attrs;
  const rows = [xValues.pointer, ...tablesOf(x, wasm), yValues.pointer, ...tablesOf(y, wasm)];
  const places = [wasm.table(pairs.starts), wasm.table(pairs.columns)];
  const values = wasm.output([pairs.entryCount]);
  const scratch = [wasm.scratch(x.columnCount * wordBytes), wasm.scratch(x.columnCount * wordBytes)];
  const sizes = [x.rowCount, x.columnCount];
  wasm.load<SpgemmExports>(binaries).rowDots(...rows, ...places, values.pointer, ...scratch, ...sizes);
  return values;
};

function tablesOf({ order, starts, columns }: CompressedRows, wasm: WasmScope): number[] {
  return [order ? wasm.table(order) : 0, wasm.table(starts), wasm.table(columns)];
}
