import type { WasmKernel } from '../../op/wasm-scope.js';
import { binaries } from '../../wasm-binaries.js';
import { entryPointers } from '../factors.js';
import { rowsOfItem } from '../rows-of-item.js';
import type { ArgmaxRows, MaxRows, MaxRowsGradient, SharedMaxRowsGradient } from './attributes.js';

export const maxRows: WasmKernel<MaxRows> = ({ x, values }, { rows }, wasm) => {
  const channels = x.shape[1];
  const entries = entryPointers(rows, values, wasm);
  const y = wasm.output([rows.rowCount, channels]);
  const numbers = { x: x.pointer, ...entries, y: y.pointer, rows: rows.rowCount, channels };
  wasm.parallel(binaries, 'maxRows', Math.ceil(rows.rowCount / rowsOfItem), numbers);
  return { y };
};

export const argmaxRows: WasmKernel<ArgmaxRows> = ({ x, values }, { rows }, wasm) => {
  const channels = x.shape[1];
  const entries = entryPointers(rows, values, wasm);
  const places = wasm.output([rows.rowCount, channels], 'int32');
  const numbers = { x: x.pointer, ...entries, places: places.pointer, rows: rows.rowCount, channels };
  wasm.parallel(binaries, 'argmaxRows', Math.ceil(rows.rowCount / rowsOfItem), numbers);
  return { places };
};

export const maxRowsGradient: WasmKernel<MaxRowsGradient> = ({ dy, places, values: given }, { rows }, wasm) => {
  const { rowCount, columnCount } = rows;
  const channels = dy.shape[1];
  const { values, starts, columns } = entryPointers(rows, given, wasm);
  const dx = wasm.output([columnCount, channels]);
  const pointers = [dy.pointer, places.pointer, values, starts, columns, dx.pointer] as const;
  wasm.load(binaries).maxRowsGradient(...pointers, rowCount, columnCount, channels);
  return { dx };
};

export const sharedMaxRowsGradient: WasmKernel<SharedMaxRowsGradient> = ({ dy, x, y }, { rows }, wasm) => {
  const { rowCount, columnCount } = rows;
  const channels = x.shape[1];
  const starts = wasm.table(rows.starts);
  const columns = wasm.table(rows.columns);
  const dx = wasm.output([columnCount, channels]);
  const counts = wasm.scratch(channels * Float32Array.BYTES_PER_ELEMENT);
  const { sharedMaxRowsGradient } = wasm.load(binaries);
  const pointers = [dy.pointer, x.pointer, y.pointer, starts, columns, dx.pointer, counts] as const;
  sharedMaxRowsGradient(...pointers, rowCount, columnCount, channels);
  return { dx };
};
