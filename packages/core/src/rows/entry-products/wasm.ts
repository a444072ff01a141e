import type { WasmKernel } from '../../op/wasm-scope.js';
import { binaries } from '../../wasm-binaries.js';
import { rowsOfItem } from '../rows-of-item.js';
import type { EntryProducts } from './attributes.js';

export const entryProductsWasm: WasmKernel<EntryProducts> = ({ a, b, places }, { rows }, wasm) => {
  const { rowCount, entryCount } = rows;
  const channels = a.shape[1];
  const starts = wasm.table(rows.starts);
  const columns = wasm.table(rows.columns);
  const products = wasm.output([entryCount]);
  if (places) {
    const pointers = [a.pointer, b.pointer, places.pointer, starts, columns, products.pointer] as const;
    wasm.load(binaries).greatestEntryProducts(...pointers, rowCount, entryCount, channels);
  } else {
    const pointers = { a: a.pointer, b: b.pointer, starts, columns, products: products.pointer };
    const items = Math.ceil(rowCount / rowsOfItem);
    wasm.parallel(binaries, 'entryProducts', items, { ...pointers, rows: rowCount, channels });
  }
  return { products };
};
