import type { WasmKernel } from '@tfjs-sparse/core';
import { binaries } from '../wasm-binaries.js';
import type { SumPoints } from './attributes.js';

export const sumPoints: WasmKernel<SumPoints> = ({ points }, { rows, isMean }, wasm) => {
  const channels = points.shape[1];
  const starts = wasm.table(rows.starts);
  const order = wasm.table(rows.columns);
  const sums = wasm.output([rows.rowCount, channels]);
  const values = wasm.scratch(mostPoints(rows.starts) * Float32Array.BYTES_PER_ELEMENT);
  const kernels = wasm.load(binaries);
  kernels.sumPoints(points.pointer, starts, order, sums.pointer, values, rows.rowCount, channels, isMean);
  return { sums };
};

/** Points of the site that has most. */
function mostPoints(starts: Int32Array): number {
  let most = 0;
  for (let site = 1; site < starts.length; site++) most = Math.max(most, starts[site] - starts[site - 1]);
  return most;
}
