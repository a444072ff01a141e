import { finishSums } from '@tfjs-sparse/core/src/assembly/epilogue.as';
import { groupOutputs, tileRows } from '../matmul/tile-layout.as';
import { addGroup, storeOutputs } from '../matmul/tile-product.as';
import { layStrips } from './strips.as';

// The tiles of tileMatMul, whose columns are here the strips of pixels that the places of a filter share: an entry's
// column begins a few pixels within a strip.

/**
 * y = clamp(convolution of x + bias + residual) for tiles of output cells, which do not depend on each other.
 *
 * @param firstTile @param endTile the tiles to do  @param thread whose scratch to use
 * @param x       f32[batch, inHeight, inWidth, channels]
 * @param y       f32[batch, outHeight, outWidth, outFeatures]
 * @param counts  u32[groups of outputs, chunks, block rows of the group] kept blocks
 * @param entries {u32 byte offset in the tile, f32[blockOutputs]} for each of them  @param blockOutputs 1, 2 or 4
 * @param bias    f32[8 * ceil(outFeatures / 8)]  @param residual as y, or 0
 * @param shifts  @param stripPixels @param zeros as layStrips takes them
 * @param tiles   f32[threads, tileFloats] scratch: the tile, the sums of a group, the addresses of a strip
 */
export function conv2DTiles(
  firstTile: usize,
  endTile: usize,
  thread: usize,
  x: usize,
  y: usize,
  counts: usize,
  entries: usize,
  bias: usize,
  residual: usize,
  zeros: usize,
  channels: usize,
  outFeatures: usize,
  blockOutputs: usize,
  chunks: usize,
  shifts: usize,
  strips: usize,
  stripPixels: usize,
  rowCells: usize,
  low: f32,
  high: f32,
  tiles: usize,
  tileFloats: usize,
  batch: usize,
  inHeight: usize,
  inWidth: usize,
  outHeight: usize,
  outWidth: usize,
  strideHeight: usize,
  strideWidth: usize,
): void {
  const width = tileRows(blockOutputs);
  const sumBytes = width << 2;
  const rowBytes = outFeatures << 2;
  const cells = batch * outHeight * rowCells;
  const tile = tiles + thread * (tileFloats << 2);
  const sums = tile + ((channels * strips * stripPixels) << 2);
  const pixels = sums + groupOutputs * sumBytes;
  const lowSum: f32 = residual != 0 ? -Infinity : low;
  const highSum: f32 = residual != 0 ? Infinity : high;
  for (let first = firstTile * width; first < endTile * width; first += width) {
    const count = min(width, cells - first);
    layStrips(
      first,
      width,
      rowCells,
      x,
      zeros,
      tile,
      channels,
      shifts,
      strips,
      stripPixels,
      pixels,
      batch,
      inHeight,
      inWidth,
      outHeight,
      strideHeight,
      strideWidth,
    );
    let groupCounts = counts;
    let entry = entries;
    for (let group: usize = 0; group < outFeatures; group += groupOutputs) {
      const outputs = min(groupOutputs, outFeatures - group);
      for (let chunk: usize = 0; chunk < chunks; chunk++) {
        const from = chunk == 0 ? bias + (group << 2) : 0;
        entry = addGroup(tile, groupCounts, entry, from, sums, outputs, blockOutputs, (count + 3) >> 2);
        groupCounts += ((outputs + blockOutputs - 1) / blockOutputs) << 2;
      }
      for (let cell: usize = 0; cell < count; cell = nextRow(first + cell, rowCells, cell)) {
        const run = runLength(first + cell, rowCells, outWidth, count - cell);
        const to = y + pixelOf(first + cell, rowCells, outWidth) * rowBytes + (group << 2);
        for (let output: usize = 0; output < outputs && run > 0; output += 4) {
          const from = sums + output * sumBytes + (cell << 2);
          storeOutputs(from, sumBytes, to + (output << 2), rowBytes, run, min(4, outputs - output), lowSum, highSum);
        }
      }
    }
    for (let cell: usize = 0; residual != 0 && cell < count; cell = nextRow(first + cell, rowCells, cell)) {
      const run = runLength(first + cell, rowCells, outWidth, count - cell);
      const byte = pixelOf(first + cell, rowCells, outWidth) * rowBytes;
      finishSums(y + byte, residual + byte, run * outFeatures, low, high);
    }
  }
}

/** Output pixels from a cell to the end of its row, of at most `cells`. */
// @ts-ignore: decorator of AssemblyScript
@inline
function runLength(cell: usize, rowCells: usize, outWidth: usize, cells: usize): usize {
  const column = cell % rowCells;
  return column < outWidth ? min(outWidth - column, cells) : 0;
}

/** The output pixel of a used cell. */
// @ts-ignore: decorator of AssemblyScript
@inline
function pixelOf(cell: usize, rowCells: usize, outWidth: usize): usize {
  return (cell / rowCells) * outWidth + (cell % rowCells);
}

/** The cell of the tile that begins the next row. */
// @ts-ignore: decorator of AssemblyScript
@inline
function nextRow(cell: usize, rowCells: usize, cellOfTile: usize): usize {
  return cellOfTile + rowCells - (cell % rowCells);
}

/**
 * Packs weights for conv2DTiles.
 *
 * @param order   i32[blocks] which block each entry takes  @param offsets i32[blocks] its byte offset in the tile
 * @param values  f32[blocks, blockOutputs]
 */
export function packConv2DEntries(
  order: usize,
  offsets: usize,
  values: usize,
  entries: usize,
  blocks: usize,
  blockOutputs: usize,
): void {
  const valueBytes = blockOutputs << 2;
  for (let i: usize = 0; i < blocks; i++) {
    store<i32>(entries, load<i32>(offsets + (i << 2)));
    memory.copy(entries + 4, values + load<u32>(order + (i << 2)) * valueBytes, valueBytes);
    entries += 4 + valueBytes;
  }
}
