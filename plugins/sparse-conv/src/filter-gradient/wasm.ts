import type { WasmKernel, WasmScope, WasmTensor } from '@tfjs-sparse/core';
import type { MapFilterGradient } from '../map-convolution/attributes.js';
import { pairTables } from '../map-convolution/wasm.js';
import { binaries } from '../wasm-binaries.js';

const floatBytes = Float32Array.BYTES_PER_ELEMENT;
const blockInChannels = 4; // the block of the matrix that the kernel holds in registers
const blockOutChannels = 8;
const chunkPairs = 384; // a block and a panel of so many pairs (18 kB) stay in the first-level cache

export const mapFilterGradientWasm: WasmKernel<MapFilterGradient> = ({ x, dy }, { map }, wasm) => {
  const inChannels = x.shape[1];
  const outChannels = dy.shape[1];
  const paddedIn = Math.ceil(inChannels / blockInChannels) * blockInChannels;
  const paddedOut = Math.ceil(outChannels / blockOutChannels) * blockOutChannels;
  const isPadded = paddedIn !== inChannels || paddedOut !== outChannels;
  const dFilter = wasm.output([map.offsetCount, inChannels, outChannels]);
  const paddedFilter = isPadded ? wasm.scratch(map.offsetCount * paddedIn * paddedOut * floatBytes) : dFilter.pointer;
  const threads = wasm.threadCount(binaries);
  wasm.parallel(binaries, 'mapFilterGradient', map.offsetCount, {
    x: x.pointer,
    dy: dy.pointer,
    dFilter: paddedFilter,
    ...pairTables(map, wasm),
    chunkPairs,
    xBlocks: wasm.scratch(threads * chunkPairs * paddedIn * floatBytes),
    dyPanels: wasm.scratch(threads * chunkPairs * paddedOut * floatBytes),
    inChannels,
    outChannels,
    counts: wasm.scratch(map.offsetCount * Uint32Array.BYTES_PER_ELEMENT),
    totals: wasm.scratch(map.offsetCount * paddedIn * paddedOut * Float64Array.BYTES_PER_ELEMENT),
  });
  if (isPadded) cutFilter(paddedFilter, paddedIn, paddedOut, dFilter, wasm);
  return { dFilter };
};

function cutFilter(from: number, fromIn: number, fromOut: number, to: WasmTensor, wasm: WasmScope): void {
  const { copyRows } = wasm.load(binaries);
  const [offsets, inChannels, outChannels] = to.shape;
  for (let offset = 0; offset < offsets; offset++) {
    const fromMatrix = from + offset * fromIn * fromOut * floatBytes;
    const toMatrix = to.pointer + offset * inChannels * outChannels * floatBytes;
    copyRows(fromMatrix, fromOut, toMatrix, outChannels, inChannels);
  }
}
