import type { WasmScope, WasmTensor } from '@tfjs-sparse/core';
import { binaries } from '../wasm-binaries.js';

/** The bias with zeros behind it, or zeros. */
export function paddedBias(bias: WasmTensor | undefined, channels: number, wasm: WasmScope): number {
  const padded = wasm.scratch(channels * Float32Array.BYTES_PER_ELEMENT);
  wasm.load(binaries).copyRows(bias?.pointer ?? 0, bias ? bias.shape[0] : 0, padded, channels, 1);
  return padded;
}
