import { tileSites, type WasmKernel } from '@tfjs-sparse/core';
import { pairTables } from '../map-convolution/wasm.js';
import { binaries } from '../wasm-binaries.js';
import type { MapDepthwiseAttrs } from './op.js';

interface MapDepthwiseExports {
  mapDepthwise(
    x: number,
    y: number,
    left: number,
    right: number,
    tiles: number,
    swapped: number,
    offsets: number,
    tileSites: number,
    outSites: number,
    identityOffset: number,
    filter: number,
    bias: number,
    channels: number,
  ): void;
  mapDepthwiseFilterGradient(
    x: number,
    dy: number,
    dFilter: number,
    left: number,
    right: number,
    tiles: number,
    swapped: number,
    offsets: number,
    tileSites: number,
    outSites: number,
    identityOffset: number,
    channels: number,
  ): void;
  copyRows(from: number, fromChannels: number, to: number, toChannels: number, rows: number): void;
}

export const mapDepthwise: WasmKernel<'x' | 'filter' | 'bias', MapDepthwiseAttrs> = (
  { x, filter, bias },
  { map },
  wasm,
) => {
  const exports = wasm.load<MapDepthwiseExports>(binaries);
  const channels = x.shape[1];
  const { left, right, tiles, swapped } = pairTables(map, wasm);
  const y = wasm.output([map.outSites, channels]);
  let start = bias?.pointer;
  if (start === undefined) {
    start = wasm.scratch(channels * Float32Array.BYTES_PER_ELEMENT);
    exports.copyRows(0, 0, start, channels, 1); // zeros
  }
  exports.mapDepthwise(
    x.pointer,
    y.pointer,
    left,
    right,
    tiles,
    swapped,
    map.offsetCount,
    tileSites,
    map.outSites,
    map.identityOffset,
    filter.pointer,
    start,
    channels,
  );
  return y;
};

export const mapDepthwiseFilterGradient: WasmKernel<'x' | 'dy', MapDepthwiseAttrs> = ({ x, dy }, { map }, wasm) => {
  const exports = wasm.load<MapDepthwiseExports>(binaries);
  const channels = x.shape[1];
  const { left, right, tiles, swapped } = pairTables(map, wasm);
  const dFilter = wasm.output([map.offsetCount, channels]);
  exports.mapDepthwiseFilterGradient(
    x.pointer,
    dy.pointer,
    dFilter.pointer,
    left,
    right,
    tiles,
    swapped,
    map.offsetCount,
    tileSites,
    map.outSites,
    map.identityOffset,
    channels,
  );
  return dFilter;
};
