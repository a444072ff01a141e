import type { WasmKernel, WasmScope, WasmTensor } from '@tfjs-sparse/core';
import { rowsOf } from '../k-sparse/rows-of.js';
import { binaries } from '../wasm-binaries.js';
import type { Gate, JumpReLU, JumpStep, ThresholdGate } from './attributes.js';

export const thresholdGateWasm: WasmKernel<ThresholdGate> = ({ x, threshold, values }, gate, wasm) => ({
  y: gated(x, threshold, values?.pointer ?? 0, gate, wasm),
});

export const jumpReLUWasm: WasmKernel<JumpReLU> = ({ x, threshold }, _attrs, wasm) => ({
  y: gated(x, threshold, x.pointer, { window: null, factor: 1 }, wasm),
});

export const jumpStepWasm: WasmKernel<JumpStep> = ({ x, threshold }, _attrs, wasm) => ({
  y: gated(x, threshold, 0, { window: null, factor: 1 }, wasm),
});

function gated(x: WasmTensor, threshold: WasmTensor, values: number, { window, factor }: Gate, wasm: WasmScope) {
  const y = wasm.output(x.shape);
  const { gateAbove, gateInside } = wasm.load(binaries);
  const [rows, features] = [rowsOf(x.shape), threshold.shape[0]];
  if (window === null) gateAbove(x.pointer, threshold.pointer, values, y.pointer, rows, features, factor);
  else gateInside(x.pointer, threshold.pointer, values, y.pointer, rows, features, window / 2, factor);
  return y;
}
