import { tileSites, type WasmKernel, type WasmTensor } from '@tfjs-sparse/core';
import { pairTables } from '../map-convolution/wasm.js';
import { binaries } from '../wasm-binaries.js';
import type { MapFilterGradientAttrs } from './op.js';

interface FilterGradientExports {
  copyRows(from: number, fromChannels: number, to: number, toChannels: number, rows: number): void;
}

const floatBytes = Float32Array.BYTES_PER_ELEMENT;
const blockInChannels = 4; // the block of the matrix that the kernel holds in registers
const blockOutChannels = 8;
const chunkPairs = 384; // a block and a panel of so many pairs (18 kB) stay in the first-level cache

export const mapFilterGradientWasm: WasmKernel<'x' | 'dy', MapFilterGradientAttrs> = ({ x, dy }, { map }, wasm) => {
  const exports = wasm.load<FilterGradientExports>(binaries);
  const inChannels = x.shape[1];
  const outChannels = dy.shape[1];
  const paddedIn = Math.ceil(inChannels / blockInChannels) * blockInChannels;
  const paddedOut = Math.ceil(outChannels / blockOutChannels) * blockOutChannels;
  const isPadded = paddedIn !== inChannels || paddedOut !== outChannels;
  const tables = pairTables(map, wasm);
  const dFilter = wasm.output([map.offsetCount, inChannels, outChannels]);
  const paddedFilter = isPadded ? wasm.scratch(map.offsetCount * paddedIn * paddedOut * floatBytes) : dFilter.pointer;
  const threads = wasm.threadCount(binaries);
  wasm.parallel(binaries, 'mapFilterGradient', map.offsetCount, [
    x.pointer,
    dy.pointer,
    paddedFilter,
    tables.left,
    tables.right,
    tables.tiles,
    tables.swapped,
    map.offsetCount,
    tileSites,
    map.outSites,
    map.identityOffset,
    chunkPairs,
    wasm.scratch(threads * chunkPairs * paddedIn * floatBytes),
    wasm.scratch(threads * chunkPairs * paddedOut * floatBytes),
    inChannels,
    outChannels,
  ]);
  if (isPadded) cutFilter(paddedFilter, paddedIn, paddedOut, dFilter, exports);
  return dFilter;
};

function cutFilter(
  from: number,
  fromIn: number,
  fromOut: number,
  to: WasmTensor,
  exports: FilterGradientExports,
): void {
  const [offsets, inChannels, outChannels] = to.shape;
  for (let offset = 0; offset < offsets; offset++) {
    const fromMatrix = from + offset * fromIn * fromOut * floatBytes;
    const toMatrix = to.pointer + offset * inChannels * outChannels * floatBytes;
    exports.copyRows(fromMatrix, fromOut, toMatrix, outChannels, inChannels);
  }
}
