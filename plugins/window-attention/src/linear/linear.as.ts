import { layFourRows } from '@tfjs-sparse/core/src/assembly/lay-four-rows.as';
import { longestProductSum, moveToTotals } from '@tfjs-sparse/core/src/assembly/long-sums.as';
import { addProducts, layOutRows } from '@tfjs-sparse/core/src/assembly/outer-product.as';
import { addRowBlock, panelBytes } from '@tfjs-sparse/core/src/assembly/row-block.as';
import { gelu4 } from '../gelu/gelu4.as';

const tileRows: usize = 32; // rows of an item: with 256 sums of each they stay in the nearest cache
const geluCode: i32 = 2; // of activations

/** Bytes of the scratch of a thread of `linear`. */
export function linearScratch(inner: usize, columns: usize): usize {
  return (tileRows * ((inner << 2) + paddedBytes(columns)) + 63) & ~63;
}

// @ts-ignore: decorator of AssemblyScript
@inline
function paddedBytes(columns: usize): usize {
  return ((columns + 7) >> 3) * panelBytes;
}

/**
 * y = activation(x matrix + bias), 32 rows at a time.
 *
 * @param first @param end tiles of rows  @param thread whose scratch to use
 * @param x f32[rows, inner]  @param panels packPanels of the matrix  @param bias f32[columns padded to 8]
 * @param y f32[rows, columns]  @param activation 0 none, 1 relu, 2 gelu  @param scratch linearScratch for each thread
 */
export function linear(
  first: usize,
  end: usize,
  thread: usize,
  x: usize,
  panels: usize,
  bias: usize,
  y: usize,
  rows: usize,
  inner: usize,
  columns: usize,
  activation: i32,
  scratch: usize,
): void {
  const laidOut = scratch + thread * linearScratch(inner, columns);
  const sums = laidOut + tileRows * (inner << 2);
  const rowBytes = inner << 2, blockBytes = inner << 4, toBytes = paddedBytes(columns);
  for (let tile = first; tile < end; tile++) {
    const start = tile * tileRows;
    const count = min(tileRows, rows - start);
    let block = laidOut;
    for (let i: usize = 0; i < count; i += 4, block += blockBytes) {
      const row = x + (start + i) * rowBytes;
      const left = count - i - 1;
      layFourRows(row, row + min(1, left) * rowBytes, row + min(2, left) * rowBytes, row + min(3, left) * rowBytes, rowBytes, block, 16);
    }
    const blocksEnd = block;
    for (let byte: usize = 0; byte < toBytes; byte += panelBytes) {
      const panel = panels + byte * inner, from = bias + byte;
      let row0 = sums + byte;
      for (block = laidOut; block < blocksEnd; block += blockBytes) {
        const row1 = row0 + toBytes, row2 = row1 + toBytes, row3 = row2 + toBytes;
        addRowBlock(from, from, from, from, row0, row1, row2, row3, block, block + blockBytes, panel);
        row0 = row3 + toBytes;
      }
    }
    if (activation != 0) activate(sums, sums + count * toBytes, activation == geluCode);
    const to = y + start * (columns << 2);
    if (toBytes == columns << 2) memory.copy(to, sums, count * toBytes);
    else for (let i: usize = 0; i < count; i++) memory.copy(to + i * (columns << 2), sums + i * toBytes, columns << 2);
  }
}

function activate(from: usize, end: usize, isGelu: boolean): void {
  if (isGelu) for (; from < end; from += 16) v128.store(from, gelu4(v128.load(from), false));
  else {
    const zero = f32x4.splat(0);
    for (; from < end; from += 16) v128.store(from, f32x4.pmax(v128.load(from), zero)); // NaN stays
  }
}

/** Rows that rowProducts lays out at once. */
export const productChunk: usize = 384; // a block and a panel of them (18 kB) stay in the nearest cache

/** Bytes of the scratch of a thread of `rowProducts`. */
export function rowProductsScratch(inner: usize, columns: usize): usize {
  const blocks = (inner + 3) >> 2;
  return (productChunk * ((blocks << 4) + paddedBytes(columns)) + (blocks << 2) * paddedBytes(columns) + 63) & ~63;
}

/**
 * Sums of x^T dy, those of a part of the rows each.
 *
 * @param first @param end parts  @param thread whose scratch to use  @param x f32[rows, inner]  @param dy f32[rows, columns]
 * @param totals f64[parts, inner padded to 4, columns padded to 8]  @param partRows rows of a part
 * @param scratch rowProductsScratch for each thread
 */
export function rowProducts(
  first: usize,
  end: usize,
  thread: usize,
  x: usize,
  dy: usize,
  totals: usize,
  rows: usize,
  partRows: usize,
  inner: usize,
  columns: usize,
  scratch: usize,
): void {
  const blocks = (inner + 3) >> 2, panels = (columns + 7) >> 3;
  const size = (blocks << 2) * (panels << 3);
  const matrix = scratch + thread * rowProductsScratch(inner, columns);
  const xBlocks = matrix + (size << 2);
  const dyPanels = xBlocks + productChunk * (blocks << 4);
  for (let part = first; part < end; part++) {
    const sums = totals + part * (size << 3);
    memory.fill(sums, 0, size << 3);
    memory.fill(matrix, 0, size << 2);
    const last = min((part + 1) * partRows, rows);
    let added: usize = 0;
    for (let row = part * partRows; row < last; row += productChunk) {
      const count = min(productChunk, last - row);
      if (added + count > longestProductSum) {
        moveToTotals(matrix, sums, size);
        added = 0;
      }
      added += count;
      layOutRows(x, 0, row, count, inner, 4, xBlocks);
      layOutRows(dy, 0, row, count, columns, 8, dyPanels);
      addProducts(xBlocks, dyPanels, count, matrix, blocks, panels);
    }
    moveToTotals(matrix, sums, size);
  }
}

/**
 * Adds the parts in their order.
 *
 * @param totals of rowProducts  @param to f32[inner, columns]
 */
export function addParts(totals: usize, parts: usize, inner: usize, columns: usize, to: usize): void {
  const width = ((columns + 7) >> 3) << 3;
  const partBytes = (((inner + 3) >> 2) << 2) * (width << 3);
  for (let row: usize = 0; row < inner; row++) {
    for (let column: usize = 0; column < columns; column++, to += 4) {
      let at = totals + ((row * width + column) << 3);
      let sum: f64 = 0;
      for (let part: usize = 0; part < parts; part++, at += partBytes) sum += load<f64>(at);
      store<f32>(to, sum as f32);
    }
  }
}
