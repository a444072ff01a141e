import type { WasmKernel } from '@tfjs-sparse/core';
import * as binaries from '../wasm-binaries.js';
import type { RowListAttrs } from './op.js';

interface WeightedRowsExports {
  weightedRows(
    x: number,
    starts: number,
    sources: number,
    weights: number,
    y: number,
    targets: number,
    channels: number,
  ): void;
}

export const weightedRowsWasm: WasmKernel<'x', RowListAttrs> = ({ x }, { list }, wasm) => {
  const channels = x.shape[1];
  const starts = wasm.table(list.starts);
  const sources = wasm.table(list.sources);
  const weights = wasm.table(list.weightBits);
  const y = wasm.output([list.targetCount, channels]);
  const { weightedRows } = wasm.load<WeightedRowsExports>(binaries);
  weightedRows(x.pointer, starts, sources, weights, y.pointer, list.targetCount, channels);
  return y;
};
