import { limitsOf, tileSites, type KernelMap, type WasmKernel, type WasmScope } from '@tfjs-sparse/core';
import { binaries } from '../wasm-binaries.js';
import type { MapConvolution } from './attributes.js';

const floatBytes = Float32Array.BYTES_PER_ELEMENT;
const blockRows = 4; // rows that the inner kernels hold in registers
const panelChannels = 8; // output channels that the inner kernels hold in registers

export const mapConvolutionWasm: WasmKernel<MapConvolution> = (
  { x, filter, bias, residual },
  { map, isAdjoint, activation },
  wasm,
) => {
  const exports = wasm.load(binaries);
  const [offsets, rows, columns] = filter.shape;
  const [inChannels, outChannels] = isAdjoint ? [columns, rows] : [rows, columns];
  const paddedChannels = Math.ceil(outChannels / panelChannels) * panelChannels;
  const [inStride, outStride] = isAdjoint ? [1, columns] : [columns, 1];
  const layout = isAdjoint ? 'transposed panels' : 'panels';
  const packed = wasm.packed(filter, layout, offsets * inChannels * paddedChannels * floatBytes, (pointer) =>
    exports.packFilter(filter.pointer, pointer, offsets, inChannels, outChannels, inStride, outStride),
  );
  const y = wasm.output([map.outSites, outChannels]);
  const paddedBias = wasm.scratch(paddedChannels * floatBytes);
  exports.copyRows(bias ? bias.pointer : 0, bias ? outChannels : 0, paddedBias, paddedChannels, 1); // zeros without a bias
  const threads = wasm.threadCount(binaries);
  const isPadded = paddedChannels !== outChannels;
  const paddedRows = isPadded ? wasm.scratch(threads * tileSites * paddedChannels * floatBytes) : 0;
  const [low, high] = limitsOf(activation);
  wasm.parallel(binaries, 'mapConvolution', Math.ceil(map.outSites / tileSites), {
    x: x.pointer,
    y: y.pointer,
    ...pairTables(map, wasm),
    filter: packed,
    bias: paddedBias,
    residual: residual?.pointer ?? 0,
    low,
    high,
    rows: paddedRows,
    columns: wasm.scratch(threads * blockRows * inChannels * floatBytes),
    inChannels,
    outChannels,
  });
  return { y };
};

/** A kernel map as the kernels that walk its pairs tile by tile take it. */
export function pairTables(map: KernelMap, wasm: WasmScope) {
  return {
    left: wasm.table(map.left),
    right: wasm.table(map.right),
    tiles: wasm.table(map.tileTable()),
    swapped: wasm.table(map.swappedTable()),
    offsets: map.offsetCount,
    tileSites,
    outSites: map.outSites,
    identityOffset: map.identityOffset,
  };
}
