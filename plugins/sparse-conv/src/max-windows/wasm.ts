import type { WasmKernel } from '@tfjs-sparse/core';
import * as binaries from '../wasm-binaries.js';
import type { RowListAttrs } from '../weighted-rows/op.js';

interface MaxWindowsExports {
  maxWindowsGradient(
    dy: number,
    x: number,
    y: number,
    starts: number,
    sources: number,
    dx: number,
    left: number,
    targets: number,
    rows: number,
    channels: number,
  ): void;
}

export const maxWindowsGradientWasm: WasmKernel<'dy' | 'x' | 'y', RowListAttrs> = ({ dy, x, y }, { list }, wasm) => {
  const [rows, channels] = x.shape;
  const starts = wasm.table(list.starts);
  const sources = wasm.table(list.sources);
  const dx = wasm.output(x.shape);
  const left = wasm.scratch(channels * Float32Array.BYTES_PER_ELEMENT);
  const { maxWindowsGradient } = wasm.load<MaxWindowsExports>(binaries);
  const { targetCount } = list;
  maxWindowsGradient(dy.pointer, x.pointer, y.pointer, starts, sources, dx.pointer, left, targetCount, rows, channels);
  return dx;
};
