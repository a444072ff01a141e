import type { WasmKernel } from '../../op/wasm-scope.js';
import { binaries } from '../../wasm-binaries.js';
import { entryPointers } from '../factors.js';
import { rowsOfItem } from '../rows-of-item.js';
import type { GatherRows, SumRows } from './attributes.js';

export const gatherRows: WasmKernel<GatherRows> = ({ x }, { rows }, wasm) => {
  const channels = x.shape[1];
  const index = wasm.table(rows.index!);
  const y = wasm.output([rows.rowCount, channels]);
  wasm.load(binaries).gatherRows(x.pointer, index, y.pointer, rows.rowCount, channels);
  return { y };
};

export const sumRows: WasmKernel<SumRows> = ({ x, values }, { rows, isMean }, wasm) => {
  const { rowCount } = rows;
  const channels = x.shape[1];
  const entries = entryPointers(rows, values, wasm);
  const y = wasm.output([rowCount, channels]);
  const totals = wasm.scratch(wasm.threadCount(binaries) * channels * Float64Array.BYTES_PER_ELEMENT);
  const numbers = { x: x.pointer, ...entries, y: y.pointer, rows: rowCount, channels, isMean, totals };
  wasm.parallel(binaries, 'sumRows', Math.ceil(rowCount / rowsOfItem), numbers);
  return { y };
};
