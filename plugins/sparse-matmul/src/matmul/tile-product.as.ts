import { finishSums } from '@tfjs-sparse/core/src/assembly/epilogue.as';
import { clamp4, storeTransposed } from '@tfjs-sparse/core/src/assembly/simd.as';
import { addFours, addPairs } from './block-sums.as';
import { layColumns } from './columns.as';
import { addSingles } from './single-sums.as';
import { groupOutputs, tileColumns, tileRows } from './tile-layout.as';

// Patterns of 1, 2 or 4 outputs: a tile of rows of x lies column by column in scratch, [inFeatures][tileRows], so that
// one kept weight meets 4 rows per vector. Fewer outputs per block leave registers for more rows.
// The outputs are taken in groups and the columns in chunks, so that a chunk of the tile stays in the nearest cache while
// a group of outputs meets it. The packed weights have that order (see pack.as.ts).

/**
 * y = clamp(x * weights + bias + residual) for tiles of rows, which do not depend on each other.
 *
 * @param firstTile @param endTile the tiles to do  @param thread whose scratch to use
 * @param x       f32[rows, inFeatures]
 * @param y       f32[rows, outFeatures]
 * @param counts  u32[groups, chunks, block rows of the group] kept blocks
 * @param entries their columns and weights
 * @param bias    f32[8 * ceil(outFeatures / 8)]  @param residual f32[rows, outFeatures], or 0
 * @param tiles   f32[threads, inFeatures + groupOutputs, tileRows] scratch
 */
export function tileMatMul(
  firstTile: usize,
  endTile: usize,
  thread: usize,
  x: usize,
  y: usize,
  counts: usize,
  entries: usize,
  bias: usize,
  residual: usize,
  rows: usize,
  inFeatures: usize,
  outFeatures: usize,
  blockOutputs: usize,
  low: f32,
  high: f32,
  tiles: usize,
): void {
  const width = tileRows(blockOutputs);
  const rowBytes = outFeatures << 2;
  const tile = tiles + thread * ((inFeatures + groupOutputs) * width << 2);
  for (let first = firstTile * width; first < endTile * width; first += width) {
    const count = min(width, rows - first);
    layColumns(x, tile, first, rows, inFeatures, (count + 3) & ~3, width);
    const to = y + first * rowBytes;
    if (residual == 0) {
      multiplyTile(tile, to, counts, entries, bias, count, inFeatures, outFeatures, blockOutputs, low, high);
    } else {
      multiplyTile(tile, to, counts, entries, bias, count, inFeatures, outFeatures, blockOutputs, -Infinity, Infinity);
      finishSums(to, residual + first * rowBytes, count * outFeatures, low, high);
    }
  }
}

/** The same for one tile that lies in scratch, with room for the sums of a group behind it. */
export function multiplyTile(
  tile: usize,
  y: usize,
  counts: usize,
  entries: usize,
  bias: usize,
  rows: usize,
  inFeatures: usize,
  outFeatures: usize,
  blockOutputs: usize,
  low: f32,
  high: f32,
): void {
  const vectors = (rows + 3) >> 2;
  const chunkColumns = tileColumns(blockOutputs);
  const sumBytes = tileRows(blockOutputs) << 2;
  const sums = tile + inFeatures * sumBytes;
  const rowBytes = outFeatures << 2;
  for (let group: usize = 0; group < outFeatures; group += groupOutputs) {
    const outputs = min(groupOutputs, outFeatures - group);
    for (let chunk: usize = 0; chunk == 0 || chunk < inFeatures; chunk += chunkColumns) {
      const from = chunk == 0 ? bias + (group << 2) : 0;
      entries = addGroup(tile, counts, entries, from, sums, outputs, blockOutputs, vectors);
      counts += ((outputs + blockOutputs - 1) / blockOutputs) << 2;
    }
    for (let output: usize = 0; output < outputs; output += 4) {
      const to = y + ((group + output) << 2);
      storeOutputs(sums + output * sumBytes, sumBytes, to, rowBytes, rows, min(4, outputs - output), low, high);
    }
  }
}

/**
 * Adds a chunk of columns to the sums of a group of outputs; `bias` is 0 for all chunks but the first. As a call of its own
 * it made blocks of 4 outputs 4 % slower.
 *
 * @param counts u32[block rows of the group]
 * @returns where the entries of the next chunk begin
 */
// @ts-ignore: decorator of AssemblyScript
@inline
export function addGroup(
  tile: usize,
  counts: usize,
  entries: usize,
  bias: usize,
  sums: usize,
  outputs: usize,
  blockOutputs: usize,
  vectors: usize,
): usize {
  const end = counts + (((outputs + blockOutputs - 1) / blockOutputs) << 2);
  if (blockOutputs == 4) return addFours(tile, counts, end, entries, bias, sums);
  if (blockOutputs == 2) {
    if (vectors > 2) return addPairs(tile, counts, end, entries, bias, sums, 4);
    return addPairs(tile, counts, end, entries, bias, sums, 2);
  }
  if (isDefined(RELAXED)) {
    if (vectors > 6) return addSingles(tile, counts, end, entries, bias, sums, 8);
  } else {
    if (vectors > 6) return addSingles(tile, counts, end, entries, bias, sums, 7);
  }
  if (vectors > 4) return addSingles(tile, counts, end, entries, bias, sums, 6);
  if (vectors > 2) return addSingles(tile, counts, end, entries, bias, sums, 4);
  return addSingles(tile, counts, end, entries, bias, sums, 2);
}

/**
 * y[row][output] = clamp(sums[output][row]) for up to 4 outputs.
 *
 * @param sums f32[4, width]  @param y f32[count, outFeatures] from the first of the outputs
 */
export function storeOutputs(
  sums: usize,
  sumBytes: usize,
  y: usize,
  rowBytes: usize,
  count: usize,
  outputs: usize,
  low: f32,
  high: f32,
): void {
  const lows = f32x4.splat(low);
  const highs = f32x4.splat(high);
  let row: usize = 0;
  if (outputs == 4) {
    for (; row + 4 <= count; row += 4) {
      const from = sums + (row << 2);
      storeTransposed(
        clamp4(v128.load(from), lows, highs),
        clamp4(v128.load(from + sumBytes), lows, highs),
        clamp4(v128.load(from + 2 * sumBytes), lows, highs),
        clamp4(v128.load(from + 3 * sumBytes), lows, highs),
        y + row * rowBytes,
        rowBytes,
      );
    }
  }
  for (; row < count; row++) {
    for (let output: usize = 0; output < outputs; output++) {
      const sum = load<f32>(sums + output * sumBytes + (row << 2));
      store<f32>(y + row * rowBytes + (output << 2), sum < low ? low : sum > high ? high : sum);
    }
  }
}
