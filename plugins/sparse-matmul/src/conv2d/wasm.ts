import { limitsOf, type WasmKernel } from '@tfjs-sparse/core';
import { paddedBias } from '../matmul/padded-bias.js';
import { binaries } from '../wasm-binaries.js';
import type { PatternConv2D } from './attributes.js';
import { rowCellsOf } from './strips.js';
import { tileTables } from './tile-tables.js';

const floatBytes = Float32Array.BYTES_PER_ELEMENT;

export const patternConv2DWasm: WasmKernel<PatternConv2D> = ({ x, values, bias, residual }, attrs, wasm) => {
  const exports = wasm.load(binaries);
  const { geometry, pattern, activation } = attrs;
  const { batch, inHeight, inWidth, outHeight, outWidth, strideHeight, strideWidth } = geometry;
  const { outFeatures } = pattern;
  const channels = x.shape[3];
  const blockOutputs = Math.min(pattern.blockOutputs, 4);
  const width = exports.tileRows(blockOutputs);
  const groupOutputs = exports.groupOutputs.value;
  const chunkBytes = exports.tileColumns(blockOutputs) * width * floatBytes;
  const tables = tileTables(attrs, { width, groupOutputs, chunkBytes, blockOutputs });
  const { id, strips, chunks } = tables;
  const stripCount = strips.shifts.length / 2;
  const rowCells = rowCellsOf(geometry, strips, width);
  const y = wasm.output([batch, outHeight, outWidth, outFeatures]);
  const blocks = tables.order.length;
  const entries = wasm.packed(
    values,
    `tiles ${id} of pattern ${pattern.id}`,
    blocks * (1 + blockOutputs) * floatBytes,
    (pointer) =>
      exports.packConv2DEntries(
        wasm.table(tables.order),
        wasm.table(tables.offsets),
        values.pointer,
        pointer,
        blocks,
        blockOutputs,
      ),
  );
  const tileFloats = align((channels * stripCount + 1) * strips.pixels + groupOutputs * width);
  const biasFloats = Math.ceil(outFeatures / 8) * 8;
  const biasAndZeros = paddedBias(bias, biasFloats + channels, wasm);
  const [low, high] = limitsOf(activation);
  wasm.parallel(binaries, 'conv2DTiles', Math.ceil((batch * outHeight * rowCells) / width), {
    x: x.pointer,
    y: y.pointer,
    counts: wasm.table(tables.counts),
    entries,
    bias: biasAndZeros,
    residual: residual?.pointer ?? 0,
    zeros: biasAndZeros + biasFloats * floatBytes,
    channels,
    outFeatures,
    blockOutputs,
    chunks,
    shifts: wasm.table(strips.shifts),
    strips: stripCount,
    stripPixels: strips.pixels,
    rowCells,
    low,
    high,
    tiles: wasm.scratch(wasm.threadCount(binaries) * tileFloats * floatBytes),
    tileFloats,
    batch,
    inHeight,
    inWidth,
    outHeight,
    outWidth,
    strideHeight,
    strideWidth,
  });
  return { y };
};

function align(floats: number): number {
  return Math.ceil(floats / 16) * 16; // threads' scratch begins at cache lines
}
