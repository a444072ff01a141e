import { limitsOf, type WasmKernel } from '@tfjs-sparse/core';
import { pairTables } from '../map-convolution/wasm.js';
import { binaries } from '../wasm-binaries.js';
import type { MapDepthwise, MapDepthwiseFilterGradient } from './attributes.js';

export const mapDepthwise: WasmKernel<MapDepthwise> = ({ x, filter, bias, residual }, { map, activation }, wasm) => {
  const exports = wasm.load(binaries);
  const channels = x.shape[1];
  const { left, right, tiles, swapped, offsets, tileSites, outSites, identityOffset } = pairTables(map, wasm);
  const y = wasm.output([outSites, channels]);
  let start = bias?.pointer;
  if (start === undefined) {
    start = wasm.scratch(channels * Float32Array.BYTES_PER_ELEMENT);
    exports.copyRows(0, 0, start, channels, 1); // zeros
  }
  const pairs = [left, right, tiles, swapped, offsets, tileSites, outSites, identityOffset] as const;
  const epilogue = [start, residual?.pointer ?? 0, ...limitsOf(activation)] as const;
  exports.mapDepthwise(x.pointer, y.pointer, ...pairs, filter.pointer, ...epilogue, channels);
  return { y };
};

export const mapDepthwiseFilterGradient: WasmKernel<MapDepthwiseFilterGradient> = ({ x, dy }, { map }, wasm) => {
  const channels = x.shape[1];
  const { left, right, tiles, swapped, offsets, tileSites, outSites, identityOffset } = pairTables(map, wasm);
  const dFilter = wasm.output([offsets, channels]);
  const { mapDepthwiseFilterGradient } = wasm.load(binaries);
  const pairs = [left, right, tiles, swapped, offsets, tileSites, outSites, identityOffset] as const;
  const totals = wasm.scratch(offsets * channels * Float64Array.BYTES_PER_ELEMENT);
  mapDepthwiseFilterGradient(x.pointer, dy.pointer, dFilter.pointer, totals, ...pairs, channels);
  return { dFilter };
};
