import { clamp4, madd, storeTransposed } from '../simd.as';
import { layColumns } from './columns.as';

// Patterns of 1, 2 or 4 outputs: a tile of rows of x lies column by column in scratch, [inFeatures][tileRows], so that
// one kept weight meets 4 rows per vector. Fewer outputs per block leave registers for more rows.
// The outputs are taken in groups and the columns in chunks, so that a chunk of the tile stays in the nearest cache while
// a group of outputs meets it. The packed weights have that order (see pack.as.ts).

/** Rows of a tile: with 1 output per block 7 vectors (8 with fused multiply-add) are what V8 keeps in registers. */
// @ts-ignore: decorator of AssemblyScript
@inline
const singleRows: usize = isDefined(RELAXED) ? 32 : 28;

/** Outputs of a group. */
export const groupOutputs: usize = 32;

/** Bytes of a chunk of a tile: with the sums of a group they fill the nearest cache of most machines (32 kB). */
const chunkBytes: usize = 28672;

/** Rows of a tile for blocks of 1, 2 or 4 outputs. */
export function tileRows(blockOutputs: usize): usize {
  return blockOutputs == 1 ? singleRows : 32 >> (blockOutputs >> 1);
}

/** Columns of a chunk. */
export function tileColumns(blockOutputs: usize): usize {
  return chunkBytes / (tileRows(blockOutputs) << 2);
}

/**
 * y = clamp(x * weights + bias) for tiles of rows, which do not depend on each other.
 *
 * @param firstTile @param endTile the tiles to do  @param thread whose scratch to use
 * @param x       f32[rows, inFeatures]
 * @param y       f32[rows, outFeatures]
 * @param counts  u32[groups, chunks, block rows of the group] kept blocks
 * @param entries their columns and weights
 * @param bias    f32[8 * ceil(outFeatures / 8)]
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
    multiplyTile(tile, y + first * rowBytes, counts, entries, bias, count, inFeatures, outFeatures, blockOutputs, low, high);
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
 * Adds a chunk of columns to the sums of a group of outputs; `bias` is 0 for all chunks but the first.
 *
 * @param counts u32[block rows of the group]
 * @returns where the entries of the next chunk begin
 */
function addGroup(
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

// One loop over the outputs for each number of vectors: a call for each output would cost as much as ten weights.

// @ts-ignore: decorator of AssemblyScript
@inline
function addSingles(tile: usize, counts: usize, endCounts: usize, entries: usize, bias: usize, to: usize, vectors: i32): usize {
  for (; counts < endCounts; counts += 4) {
    const end = entries + ((load<u32>(counts) as usize) << 3);
    addSingle(tile, entries, end, bias, to, vectors);
    entries = end;
    if (bias != 0) bias += 4;
    to += singleRows << 2;
  }
  return entries;
}

// @ts-ignore: decorator of AssemblyScript
@inline
function addPairs(tile: usize, counts: usize, endCounts: usize, entries: usize, bias: usize, to: usize, vectors: i32): usize {
  for (; counts < endCounts; counts += 4) {
    const end = entries + (load<u32>(counts) as usize) * 12;
    addPair(tile, entries, end, bias, to, vectors);
    entries = end;
    if (bias != 0) bias += 8;
    to += 128;
  }
  return entries;
}

// @ts-ignore: decorator of AssemblyScript
@inline
function addFours(tile: usize, counts: usize, endCounts: usize, entries: usize, bias: usize, to: usize): usize {
  for (; counts < endCounts; counts += 4) {
    const end = entries + (load<u32>(counts) as usize) * 20;
    addFour(tile, entries, end, bias, to);
    entries = end;
    if (bias != 0) bias += 16;
    to += 128;
  }
  return entries;
}

/**
 * to[row] = bias + the sum over the entries of weight * tile[column][row], for 4 * `vectors` rows. A turn of the loop
 * takes up to four entries, each behind an exit of its own: V8 checks for a stack overflow once per turn, and without
 * the exits it would load several entries ahead and spill.
 */
// @ts-ignore: decorator of AssemblyScript
@inline
function addSingle(tile: usize, from: usize, end: usize, bias: usize, to: usize, vectors: i32): void {
  let sum0 = bias != 0 ? v128.load32_splat(bias) : v128.load(to);
  let sum1 = bias != 0 ? sum0 : v128.load(to, 16);
  let sum2 = sum0, sum3 = sum0, sum4 = sum0, sum5 = sum0, sum6 = sum0, sum7 = sum0;
  if (bias == 0) {
    if (vectors > 2) {
      sum2 = v128.load(to, 32);
      sum3 = v128.load(to, 48);
    }
    if (vectors > 4) {
      sum4 = v128.load(to, 64);
      sum5 = v128.load(to, 80);
    }
    if (vectors > 6) {
      sum6 = v128.load(to, 96);
    }
    if (vectors > 7) sum7 = v128.load(to, 112);
  }
  let weight: v128, column: usize;
  while (from < end) {
    column = tile + load<u32>(from);
    weight = v128.load32_splat(from, 4);
    from += 8;
    sum0 = madd(v128.load(column), weight, sum0);
    sum1 = madd(v128.load(column, 16), weight, sum1);
    if (vectors > 2) {
      sum2 = madd(v128.load(column, 32), weight, sum2);
      sum3 = madd(v128.load(column, 48), weight, sum3);
    }
    if (vectors > 4) {
      sum4 = madd(v128.load(column, 64), weight, sum4);
      sum5 = madd(v128.load(column, 80), weight, sum5);
    }
    if (vectors > 6) {
      sum6 = madd(v128.load(column, 96), weight, sum6);
    }
    if (vectors > 7) sum7 = madd(v128.load(column, 112), weight, sum7);
    if (from >= end) break;

    column = tile + load<u32>(from);
    weight = v128.load32_splat(from, 4);
    from += 8;
    sum0 = madd(v128.load(column), weight, sum0);
    sum1 = madd(v128.load(column, 16), weight, sum1);
    if (vectors > 2) {
      sum2 = madd(v128.load(column, 32), weight, sum2);
      sum3 = madd(v128.load(column, 48), weight, sum3);
    }
    if (vectors > 4) {
      sum4 = madd(v128.load(column, 64), weight, sum4);
      sum5 = madd(v128.load(column, 80), weight, sum5);
    }
    if (vectors > 6) {
      sum6 = madd(v128.load(column, 96), weight, sum6);
    }
    if (vectors > 7) sum7 = madd(v128.load(column, 112), weight, sum7);
    if (from >= end) break;

    column = tile + load<u32>(from);
    weight = v128.load32_splat(from, 4);
    from += 8;
    sum0 = madd(v128.load(column), weight, sum0);
    sum1 = madd(v128.load(column, 16), weight, sum1);
    if (vectors > 2) {
      sum2 = madd(v128.load(column, 32), weight, sum2);
      sum3 = madd(v128.load(column, 48), weight, sum3);
    }
    if (vectors > 4) {
      sum4 = madd(v128.load(column, 64), weight, sum4);
      sum5 = madd(v128.load(column, 80), weight, sum5);
    }
    if (vectors > 6) {
      sum6 = madd(v128.load(column, 96), weight, sum6);
    }
    if (vectors > 7) sum7 = madd(v128.load(column, 112), weight, sum7);
    if (from >= end) break;

    column = tile + load<u32>(from);
    weight = v128.load32_splat(from, 4);
    from += 8;
    sum0 = madd(v128.load(column), weight, sum0);
    sum1 = madd(v128.load(column, 16), weight, sum1);
    if (vectors > 2) {
      sum2 = madd(v128.load(column, 32), weight, sum2);
      sum3 = madd(v128.load(column, 48), weight, sum3);
    }
    if (vectors > 4) {
      sum4 = madd(v128.load(column, 64), weight, sum4);
      sum5 = madd(v128.load(column, 80), weight, sum5);
    }
    if (vectors > 6) {
      sum6 = madd(v128.load(column, 96), weight, sum6);
    }
    if (vectors > 7) sum7 = madd(v128.load(column, 112), weight, sum7);
  }
  v128.store(to, sum0);
  v128.store(to, sum1, 16);
  if (vectors > 2) {
    v128.store(to, sum2, 32);
    v128.store(to, sum3, 48);
  }
  if (vectors > 4) {
    v128.store(to, sum4, 64);
    v128.store(to, sum5, 80);
  }
  if (vectors > 6) {
    v128.store(to, sum6, 96);
  }
  if (vectors > 7) v128.store(to, sum7, 112);
}

/** to[output][row] = bias[output] */
// @ts-ignore: decorator of AssemblyScript
@inline
function spreadBias(bias: usize, to: usize, outputs: usize, vectors: usize): void {
  for (let output: usize = 0; output < outputs; output++) {
    const value = v128.load32_splat(bias + (output << 2));
    for (let vector: usize = 0; vector < vectors; vector++) v128.store(to + ((output * vectors + vector) << 4), value);
  }
}

/** The same for 2 outputs and a tile of 16 rows; the second output is one tile row (64 bytes) further. */
// @ts-ignore: decorator of AssemblyScript
@inline
function addPair(tile: usize, from: usize, end: usize, bias: usize, to: usize, vectors: i32): void {
  if (bias != 0) spreadBias(bias, to, 2, 4);
  let sum0 = v128.load(to), sum1 = v128.load(to, 16), sum2 = v128.load(to, 32), sum3 = v128.load(to, 48);
  let more0 = v128.load(to, 64), more1 = v128.load(to, 80), more2 = v128.load(to, 96), more3 = v128.load(to, 112);
  let weight: v128, more: v128, x: v128, column: usize;
  while (from < end) {
    column = tile + load<u32>(from);
    weight = v128.load32_splat(from, 4);
    more = v128.load32_splat(from, 8);
    from += 12;
    x = v128.load(column);
    sum0 = madd(x, weight, sum0);
    more0 = madd(x, more, more0);
    x = v128.load(column, 16);
    sum1 = madd(x, weight, sum1);
    more1 = madd(x, more, more1);
    if (vectors > 2) {
      x = v128.load(column, 32);
      sum2 = madd(x, weight, sum2);
      more2 = madd(x, more, more2);
      x = v128.load(column, 48);
      sum3 = madd(x, weight, sum3);
      more3 = madd(x, more, more3);
    }
    if (from >= end) break;

    column = tile + load<u32>(from);
    weight = v128.load32_splat(from, 4);
    more = v128.load32_splat(from, 8);
    from += 12;
    x = v128.load(column);
    sum0 = madd(x, weight, sum0);
    more0 = madd(x, more, more0);
    x = v128.load(column, 16);
    sum1 = madd(x, weight, sum1);
    more1 = madd(x, more, more1);
    if (vectors > 2) {
      x = v128.load(column, 32);
      sum2 = madd(x, weight, sum2);
      more2 = madd(x, more, more2);
      x = v128.load(column, 48);
      sum3 = madd(x, weight, sum3);
      more3 = madd(x, more, more3);
    }
  }
  v128.store(to, sum0);
  v128.store(to, sum1, 16);
  v128.store(to, more0, 64);
  v128.store(to, more1, 80);
  if (vectors > 2) {
    v128.store(to, sum2, 32);
    v128.store(to, sum3, 48);
    v128.store(to, more2, 96);
    v128.store(to, more3, 112);
  }
}

/** The same for 4 outputs and a tile of 8 rows; each output is one tile row (32 bytes) further. */
// @ts-ignore: decorator of AssemblyScript
@inline
function addFour(tile: usize, from: usize, end: usize, bias: usize, to: usize): void {
  if (bias != 0) spreadBias(bias, to, 4, 2);
  let low0 = v128.load(to), high0 = v128.load(to, 16);
  let low1 = v128.load(to, 32), high1 = v128.load(to, 48);
  let low2 = v128.load(to, 64), high2 = v128.load(to, 80);
  let low3 = v128.load(to, 96), high3 = v128.load(to, 112);
  let low: v128, high: v128, weight: v128, column: usize;
  while (from < end) {
    column = tile + load<u32>(from);
    low = v128.load(column);
    high = v128.load(column, 16);
    weight = v128.load32_splat(from, 4);
    low0 = madd(low, weight, low0);
    high0 = madd(high, weight, high0);
    weight = v128.load32_splat(from, 8);
    low1 = madd(low, weight, low1);
    high1 = madd(high, weight, high1);
    weight = v128.load32_splat(from, 12);
    low2 = madd(low, weight, low2);
    high2 = madd(high, weight, high2);
    weight = v128.load32_splat(from, 16);
    low3 = madd(low, weight, low3);
    high3 = madd(high, weight, high3);
    from += 20;
    if (from >= end) break;

    column = tile + load<u32>(from);
    low = v128.load(column);
    high = v128.load(column, 16);
    weight = v128.load32_splat(from, 4);
    low0 = madd(low, weight, low0);
    high0 = madd(high, weight, high0);
    weight = v128.load32_splat(from, 8);
    low1 = madd(low, weight, low1);
    high1 = madd(high, weight, high1);
    weight = v128.load32_splat(from, 12);
    low2 = madd(low, weight, low2);
    high2 = madd(high, weight, high2);
    weight = v128.load32_splat(from, 16);
    low3 = madd(low, weight, low3);
    high3 = madd(high, weight, high3);
    from += 20;
  }
  v128.store(to, low0);
  v128.store(to, high0, 16);
  v128.store(to, low1, 32);
  v128.store(to, high1, 48);
  v128.store(to, low2, 64);
  v128.store(to, high2, 80);
  v128.store(to, low3, 96);
  v128.store(to, high3, 112);
}

/**
 * y[row][output] = clamp(sums[output][row]) for up to 4 outputs.
 *
 * @param sums f32[4, width]  @param y f32[count, outFeatures] from the first of the outputs
 */
function storeOutputs(
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
