import type { WasmKernel } from '@tfjs-sparse/core';
import { binaries } from '../wasm-binaries.js';
import type { ConvFilterGradient } from './attributes.js';

const floatBytes = Float32Array.BYTES_PER_ELEMENT;
const chunkPixels = 384; // a block of 4 columns and a panel of 8 (18 kB together) stay in the first-level cache

export const convFilterGradientWasm: WasmKernel<ConvFilterGradient> = ({ x, dy }, { geometry }, wasm) => {
  const exports = wasm.load(binaries);
  const { batch, inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth } = geometry;
  const { strideHeight, strideWidth, padTop, padLeft } = geometry;
  const inChannels = x.shape[3];
  const outChannels = dy.shape[3];
  const rows = filterHeight * filterWidth * inChannels;
  const paddedRows = Math.ceil(rows / 4) * 4;
  const paddedChannels = Math.ceil(outChannels / 8) * 8;
  const isPadded = paddedRows !== rows || paddedChannels !== outChannels;
  const dFilter = wasm.output([filterHeight, filterWidth, inChannels, outChannels]);
  const padded = isPadded ? wasm.scratch(paddedRows * paddedChannels * floatBytes) : dFilter.pointer;
  exports.convFilterGradient(
    x.pointer,
    dy.pointer,
    padded,
    batch,
    inChannels,
    outChannels,
    chunkPixels,
    wasm.scratch(chunkPixels * paddedRows * floatBytes),
    wasm.scratch(chunkPixels * paddedChannels * floatBytes),
    wasm.scratch(paddedRows * paddedChannels * Float64Array.BYTES_PER_ELEMENT),
    inHeight,
    inWidth,
    outHeight,
    outWidth,
    filterHeight,
    filterWidth,
    strideHeight,
    strideWidth,
    padTop,
    padLeft,
  );
  if (isPadded) exports.copyRows(padded, paddedChannels, dFilter.pointer, outChannels, rows);
  return { dFilter };
};
