import type { WasmKernel } from '@tfjs-sparse/core';
import { geometryNumbers } from '../image-geometry.js';
import { binaries } from '../wasm-binaries.js';
import type { DepthwiseGradientAttrs } from './op.js';

export const inputGradient: WasmKernel<'dy' | 'filter', DepthwiseGradientAttrs> = (
  { dy, filter },
  { geometry },
  wasm,
) => {
  const { batch, inHeight, inWidth } = geometry;
  const channels = dy.shape[3];
  const dx = wasm.output([batch, inHeight, inWidth, channels]);
  const numbers = [dy.pointer, filter.pointer, dx.pointer, channels, ...geometryNumbers(geometry)];
  wasm.parallel(binaries, 'depthwiseInputGradient', batch, numbers);
  return dx;
};

export const filterGradient: WasmKernel<'x' | 'dy', DepthwiseGradientAttrs> = ({ x, dy }, { geometry }, wasm) => {
  const { batch, filterHeight, filterWidth } = geometry;
  const channels = x.shape[3];
  const dFilter = wasm.output([filterHeight, filterWidth, channels, 1]);
  const numbers = [x.pointer, dy.pointer, dFilter.pointer, batch, channels, ...geometryNumbers(geometry)];
  wasm.parallel(binaries, 'depthwiseFilterGradient', filterHeight, numbers);
  return dFilter;
};
