import type { WasmKernel } from '@tfjs-sparse/core';
import { binaries } from '../wasm-binaries.js';
import type { DepthwiseFilterGradient, DepthwiseInputGradient } from './attributes.js';

export const inputGradient: WasmKernel<DepthwiseInputGradient> = ({ dy, filter }, { geometry }, wasm) => {
  const { batch, inHeight, inWidth } = geometry;
  const channels = dy.shape[3];
  const dx = wasm.output([batch, inHeight, inWidth, channels]);
  const pointers = { dy: dy.pointer, filter: filter.pointer, dx: dx.pointer };
  wasm.parallel(binaries, 'depthwiseInputGradient', batch, { ...pointers, channels, ...geometry });
  return { dx };
};

export const filterGradient: WasmKernel<DepthwiseFilterGradient> = ({ x, dy }, { geometry }, wasm) => {
  const { filterHeight, filterWidth } = geometry;
  const channels = x.shape[3];
  const dFilter = wasm.output([filterHeight, filterWidth, channels, 1]);
  const pointers = { x: x.pointer, dy: dy.pointer, dFilter: dFilter.pointer };
  const totals = wasm.scratch(filterHeight * filterWidth * channels * Float64Array.BYTES_PER_ELEMENT);
  wasm.parallel(binaries, 'depthwiseFilterGradient', filterHeight, { ...pointers, channels, ...geometry, totals });
  return { dFilter };
};
