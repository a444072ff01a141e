import { finishSums } from '@tfjs-sparse/core/src/assembly/epilogue.as';
import { layFourRows } from '@tfjs-sparse/core/src/assembly/lay-four-rows.as';
import { addRowBlock, panelBytes } from '@tfjs-sparse/core/src/assembly/row-block.as';
import { madd } from '@tfjs-sparse/core/src/assembly/simd.as';

// The filter is packed in panels of 8 output channels, [offsets][panels][inChannels][8].

/**
 * y[out] = bias + residual[out] + sum over offsets k and pairs (in, out) of k of x[in] * filter[k], tile by tile of
 * output sites, so that the rows of y stay in the cache while every offset adds to them; then limited to low..high.
 * Tiles do not depend on each other.
 *
 * @param firstTile  @param endTile  the tiles to do  @param thread whose scratch to use
 * @param x       f32[inSites, inChannels]
 * @param y       f32[outSites, outChannels]
 * @param left    i32[]  @param right i32[]  pair columns
 * @param tiles   i32[tileCount, offsets, 2] first pair and pair count of each tile and offset
 * @param swapped i32[offsets] 0: left is the input column, 1: right is
 * @param identityOffset offset whose pairs are (i, i) for every site, or -1
 * @param filter  f32[offsets, panels, inChannels, 8]
 * @param bias    f32[8 * panels]
 * @param residual f32[outSites, outChannels], or 0 for none
 * @param rows    f32[threads, tileSites, 8 * panels] scratch, used when outChannels is no multiple of 8
 * @param columns f32[threads, inChannels, 4] scratch: four input rows, channel by channel
 */
export function mapConvolution(
  firstTile: usize,
  endTile: usize,
  thread: usize,
  x: usize,
  y: usize,
  left: usize,
  right: usize,
  tiles: usize,
  swapped: usize,
  offsets: usize,
  tileSites: usize,
  outSites: usize,
  identityOffset: i32,
  filter: usize,
  bias: usize,
  residual: usize,
  low: f32,
  high: f32,
  rows: usize,
  columns: usize,
  inChannels: usize,
  outChannels: usize,
): void {
  const panels = (outChannels + 7) >> 3;
  const isPadded = (outChannels & 7) != 0;
  const xRow = inChannels << 2;
  const yRow = outChannels << 2;
  const paddedRow = panels * panelBytes;
  const filterBytes = panels * inChannels * panelBytes;
  rows += thread * tileSites * paddedRow;
  columns += thread * (xRow << 2);
  tiles += firstTile * offsets * 8;
  for (let tile = firstTile; tile < endTile; tile++) {
    const first = tile * tileSites;
    const end = min(first + tileSites, outSites);
    // Output site s has its row at `base + s * paddedRow`: in y itself, or in the padded scratch rows of this tile.
    const base = isPadded ? rows - first * paddedRow : y;
    if (identityOffset >= 0) {
      const identityFilter = filter + (identityOffset as usize) * filterBytes;
      denseRows(x, xRow, base, paddedRow, first, end, identityFilter, bias, panels, columns);
    } else {
      for (let site = first; site < end; site++) memory.copy(base + site * paddedRow, bias, paddedRow);
    }
    for (let offset: usize = 0; offset < offsets; offset++) {
      const count = load<i32>(tiles, 4) as usize;
      if (count > 0) {
        const start = (load<i32>(tiles) as usize) << 2;
        const isSwapped = load<i32>(swapped + (offset << 2)) != 0;
        const input = (isSwapped ? right : left) + start;
        const output = (isSwapped ? left : right) + start;
        addPairs(x, xRow, base, paddedRow, input, output, count, filter + offset * filterBytes, panels, columns);
      }
      tiles += 8;
    }
    if (isPadded) {
      for (let site = first; site < end; site++) memory.copy(y + site * yRow, base + site * paddedRow, yRow);
    }
    const firstByte = first * yRow;
    const values = (end - first) * outChannels;
    finishSums(y + firstByte, residual != 0 ? residual + firstByte : 0, values, low, high);
  }
}

/** y[site] = bias + x[site] * filter for first <= site < end. */
function denseRows(
  x: usize,
  xRow: usize,
  y: usize,
  yRow: usize,
  first: usize,
  end: usize,
  filter: usize,
  bias: usize,
  panels: usize,
  columns: usize,
): void {
  const columnsEnd = columns + (xRow << 2);
  const filterPanel = xRow << 3;
  let site = first;
  for (; site + 4 <= end; site += 4) {
    const x0 = x + site * xRow;
    const x2 = x0 + xRow + xRow;
    layFourRows(x0, x0 + xRow, x2, x2 + xRow, xRow, columns, 16);
    let y0 = y + site * yRow;
    let weights = filter;
    for (let panel: usize = 0; panel < panels; panel++) {
      const from = bias + panel * panelBytes;
      const y2 = y0 + yRow + yRow;
      addRowBlock(from, from, from, from, y0, y0 + yRow, y2, y2 + yRow, columns, columnsEnd, weights);
      weights += filterPanel;
      y0 += panelBytes;
    }
  }
  for (; site < end; site++) {
    memory.copy(y + site * yRow, bias, yRow);
    addRow(x + site * xRow, y + site * yRow, filter, xRow, panels);
  }
}

/** y[output[i]] += x[input[i]] * filter for i < count; all outputs are different. */
function addPairs(
  x: usize,
  xRow: usize,
  y: usize,
  yRow: usize,
  input: usize,
  output: usize,
  count: usize,
  filter: usize,
  panels: usize,
  columns: usize,
): void {
  const columnsEnd = columns + (xRow << 2);
  const filterPanel = xRow << 3;
  const end = output + (count << 2);
  for (; output + 16 <= end; output += 16, input += 16) {
    layFourRows(
      x + (load<i32>(input) as usize) * xRow,
      x + (load<i32>(input, 4) as usize) * xRow,
      x + (load<i32>(input, 8) as usize) * xRow,
      x + (load<i32>(input, 12) as usize) * xRow,
      xRow,
      columns,
      16,
    );
    let y0 = y + (load<i32>(output) as usize) * yRow;
    let y1 = y + (load<i32>(output, 4) as usize) * yRow;
    let y2 = y + (load<i32>(output, 8) as usize) * yRow;
    let y3 = y + (load<i32>(output, 12) as usize) * yRow;
    let weights = filter;
    for (let panel: usize = 0; panel < panels; panel++) {
      addRowBlock(y0, y1, y2, y3, y0, y1, y2, y3, columns, columnsEnd, weights);
      weights += filterPanel;
      y0 += panelBytes;
      y1 += panelBytes;
      y2 += panelBytes;
      y3 += panelBytes;
    }
  }
  if (output + 8 <= end) {
    addTwoRows(
      x + (load<i32>(input) as usize) * xRow,
      x + (load<i32>(input, 4) as usize) * xRow,
      y + (load<i32>(output) as usize) * yRow,
      y + (load<i32>(output, 4) as usize) * yRow,
      filter,
      xRow,
      panels,
    );
    output += 8;
    input += 8;
  }
  if (output < end) {
    addRow(x + (load<i32>(input) as usize) * xRow, y + (load<i32>(output) as usize) * yRow, filter, xRow, panels);
  }
}

function addTwoRows(x0: usize, x1: usize, y0: usize, y1: usize, weights: usize, inBytes: usize, panels: usize): void {
  for (let panel: usize = 0; panel < panels; panel++) {
    let low0 = v128.load(y0), high0 = v128.load(y0, 16);
    let low1 = v128.load(y1), high1 = v128.load(y1, 16);
    for (let byte: usize = 0; byte < inBytes; byte += 4) {
      const low = v128.load(weights);
      const high = v128.load(weights, 16);
      weights += panelBytes;
      const t0 = v128.load32_splat(x0 + byte);
      low0 = madd(t0, low, low0);
      high0 = madd(t0, high, high0);
      const t1 = v128.load32_splat(x1 + byte);
      low1 = madd(t1, low, low1);
      high1 = madd(t1, high, high1);
    }
    v128.store(y0, low0);
    v128.store(y0, high0, 16);
    v128.store(y1, low1);
    v128.store(y1, high1, 16);
    y0 += panelBytes;
    y1 += panelBytes;
  }
}

function addRow(x0: usize, y0: usize, weights: usize, inBytes: usize, panels: usize): void {
  for (let panel: usize = 0; panel < panels; panel++) {
    let low0 = v128.load(y0), high0 = v128.load(y0, 16);
    for (let byte: usize = 0; byte < inBytes; byte += 4) {
      const t0 = v128.load32_splat(x0 + byte);
      low0 = madd(t0, v128.load(weights), low0);
      high0 = madd(t0, v128.load(weights, 16), high0);
      weights += panelBytes;
    }
    v128.store(y0, low0);
    v128.store(y0, high0, 16);
    y0 += panelBytes;
  }
}
