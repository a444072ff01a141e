import type { WasmKernel } from '@tfjs-sparse/core';
import * as binaries from '../wasm-binaries.js';

interface SiteSumsExports {
  siteSums(x: number, sums: number, totals: number, sites: number, channels: number): void;
}

const totalBytesPerChannel = 4 * Float64Array.BYTES_PER_ELEMENT;

export const siteSumsWasm: WasmKernel<'x', object> = ({ x }, _attrs, wasm) => {
  const [sites, channels] = x.shape;
  const sums = wasm.output([channels]);
  const totals = wasm.scratch(channels * totalBytesPerChannel);
  wasm.load<SiteSumsExports>(binaries).siteSums(x.pointer, sums.pointer, totals, sites, channels);
  return sums;
};
