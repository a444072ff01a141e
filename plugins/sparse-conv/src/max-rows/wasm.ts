import type { WasmKernel } from '@tfjs-sparse/core';
import * as binaries from '../wasm-binaries.js';
import type { RowMapAttrs, TargetsAttrs } from './op.js';

interface MaxRowsExports {
  maxRows(y: number, starts: number, order: number, x: number, sources: number, channels: number): void;
  maxRowsGradient(
    dx: number,
    y: number,
    x: number,
    starts: number,
    order: number,
    dy: number,
    counts: number,
    targets: number,
    sources: number,
    channels: number,
  ): void;
}

export const maxRows: WasmKernel<'y', TargetsAttrs> = ({ y }, { map }, wasm) => {
  const channels = y.shape[1];
  const sources = map.starts.length - 1;
  const starts = wasm.table(map.starts);
  const order = wasm.table(map.order);
  const x = wasm.output([sources, channels]);
  wasm.load<MaxRowsExports>(binaries).maxRows(y.pointer, starts, order, x.pointer, sources, channels);
  return x;
};

export const maxRowsGradient: WasmKernel<'dx' | 'y' | 'x', RowMapAttrs> = ({ dx, y, x }, { map }, wasm) => {
  const channels = y.shape[1];
  const sources = map.starts.length - 1;
  const starts = wasm.table(map.starts);
  const order = wasm.table(map.order);
  const dy = wasm.output(y.shape);
  const counts = wasm.scratch(channels * Float32Array.BYTES_PER_ELEMENT);
  wasm
    .load<MaxRowsExports>(binaries)
    .maxRowsGradient(
      dx.pointer,
      y.pointer,
      x.pointer,
      starts,
      order,
      dy.pointer,
      counts,
      y.shape[0],
      sources,
      channels,
    );
  return dy;
};
