import { tileSites, type KernelMap, type WasmKernel, type WasmScope } from '@tfjs-sparse/core';
import { binaries } from '../wasm-binaries.js';
import type { FusedMapConvolutionAttrs, MapConvolutionInput } from './op.js';

interface MapConvolutionExports {
  packFilter(
    filter: number,
    packed: number,
    offsets: number,
    inChannels: number,
    outChannels: number,
    inStride: number,
    outStride: number,
  ): void;
  copyRows(from: number, fromChannels: number, to: number, toChannels: number, rows: number): void;
}

const floatBytes = Float32Array.BYTES_PER_ELEMENT;
const blockRows = 4; // rows that the inner kernels hold in registers
const panelChannels = 8; // output channels that the inner kernels hold in registers

export const mapConvolutionWasm: WasmKernel<MapConvolutionInput, FusedMapConvolutionAttrs> = (
  { x, filter, bias, residual },
  { map, isAdjoint, isRectified },
  wasm,
) => {
  const exports = wasm.load<MapConvolutionExports>(binaries);
  const [offsets, rows, columns] = filter.shape;
  const [inChannels, outChannels] = isAdjoint ? [columns, rows] : [rows, columns];
  const paddedChannels = Math.ceil(outChannels / panelChannels) * panelChannels;
  const [inStride, outStride] = isAdjoint ? [1, columns] : [columns, 1];
  const layout = isAdjoint ? 'transposed panels' : 'panels';
  const packed = wasm.packed(filter, layout, offsets * inChannels * paddedChannels * floatBytes, (pointer) =>
    exports.packFilter(filter.pointer, pointer, offsets, inChannels, outChannels, inStride, outStride),
  );
  const tables = pairTables(map, wasm);
  const y = wasm.output([map.outSites, outChannels]);
  const paddedBias = wasm.scratch(paddedChannels * floatBytes);
  exports.copyRows(bias ? bias.pointer : 0, bias ? outChannels : 0, paddedBias, paddedChannels, 1); // zeros without a bias
  const threads = wasm.threadCount(binaries);
  const isPadded = paddedChannels !== outChannels;
  const paddedRows = isPadded ? wasm.scratch(threads * tileSites * paddedChannels * floatBytes) : 0;
  wasm.parallel(binaries, 'mapConvolution', Math.ceil(map.outSites / tileSites), [
    x.pointer,
    y.pointer,
    tables.left,
    tables.right,
    tables.tiles,
    tables.swapped,
    offsets,
    tileSites,
    map.outSites,
    map.identityOffset,
    packed,
    paddedBias,
    residual ? residual.pointer : 0,
    Number(isRectified),
    paddedRows,
    wasm.scratch(threads * blockRows * inChannels * floatBytes),
    inChannels,
    outChannels,
  ]);
  return y;
};

/** Pointers to the tables of a kernel map, as the kernels that walk its pairs tile by tile take them. */
export function pairTables(map: KernelMap, wasm: WasmScope): Record<'left' | 'right' | 'tiles' | 'swapped', number> {
  return {
    left: wasm.table(map.left),
    right: wasm.table(map.right),
    tiles: wasm.table(map.tileTable()),
    swapped: wasm.table(map.swappedTable()),
  };
}
