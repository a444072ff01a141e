import { madd } from '@tfjs-sparse/core/src/assembly/simd.as';

/**
 * dFilter = sum over output pixels of patch^T * dy, where a pixel's patch is what its window sees of x. Chunk by chunk of
 * pixels the patches and the rows of dy are laid out block by block; then every 4 patch elements x 8 output channels are
 * one product of the two layouts.
 *
 * @param x        f32[batch, inHeight, inWidth, inChannels]
 * @param dy       f32[batch, outHeight, outWidth, outChannels]
 * @param dFilter  f32[blocks * 4, panels * 8], blocks of 4 patch elements (filterHeight, filterWidth, inChannels), panels
 *   of 8 output channels, what is beyond them zero
 * @param patches  f32[blocks, chunkPixels, 4] scratch  @param dyPanels f32[panels, chunkPixels, 8] scratch
 */
export function convFilterGradient(
  x: usize,
  dy: usize,
  dFilter: usize,
  batch: usize,
  inChannels: usize,
  outChannels: usize,
  chunkPixels: usize,
  patches: usize,
  dyPanels: usize,
  inHeight: usize,
  inWidth: usize,
  outHeight: usize,
  outWidth: usize,
  filterHeight: usize,
  filterWidth: usize,
  strideHeight: usize,
  strideWidth: usize,
  padTop: usize,
  padLeft: usize,
): void {
  const patchBytes = (filterHeight * filterWidth * inChannels) << 2;
  const blocks = (patchBytes + 15) >> 4;
  const panels = (outChannels + 7) >> 3;
  const dyRow = outChannels << 2;
  const xRow = inChannels << 2;
  const isPointwise = filterHeight == 1 && filterWidth == 1 && strideHeight == 1 && strideWidth == 1 && padTop == 0;
  const outPixels = batch * outHeight * outWidth;
  memory.fill(dFilter, 0, blocks * 4 * panels * 32);
  for (let first: usize = 0; first < outPixels; first += chunkPixels) {
    const count = min(chunkPixels, outPixels - first);
    layOut(dy + first * dyRow, dyRow, count, 32, dyPanels);
    if (isPointwise && padLeft == 0 && inWidth == outWidth) {
      layOut(x + first * xRow, xRow, count, 16, patches);
    } else {
      for (let i: usize = 0; i < count; i++) {
        const pixel = first + i;
        const column = pixel % outWidth;
        const row = (pixel / outWidth) % outHeight;
        const image = x + (pixel / (outWidth * outHeight)) * inHeight * inWidth * xRow;
        const to = patches + (i << 4);
        let element: usize = 0;
        for (let filterRow: usize = 0; filterRow < filterHeight; filterRow++) {
          const inRow = row * strideHeight + filterRow - padTop; // wraps around above the image, then not below inHeight
          for (let filterColumn: usize = 0; filterColumn < filterWidth; filterColumn++) {
            const inColumn = column * strideWidth + filterColumn - padLeft;
            const isInside = inRow < inHeight && inColumn < inWidth;
            const from = image + (inRow * inWidth + inColumn) * xRow;
            for (let channel: usize = 0; channel < inChannels; channel++, element++) {
              const value: f32 = isInside ? load<f32>(from + (channel << 2)) : 0;
              store<f32>(to + (element >> 2) * (count << 4) + ((element & 3) << 2), value);
            }
          }
        }
        for (; element < blocks << 2; element++) {
          store<f32>(to + (element >> 2) * (count << 4) + ((element & 3) << 2), 0);
        }
      }
    }
    addProducts(patches, dyPanels, count, dFilter, blocks, panels);
  }
}

/** Lays rows out in blocks of `blockBytes`, zero-padding the last one. @param blocks f32[blocks per row, count, block] */
function layOut(rows: usize, rowBytes: usize, count: usize, blockBytes: usize, blocks: usize): void {
  const nextBlock = count * blockBytes;
  for (let i: usize = 0; i < count; i++) {
    let to = blocks;
    let byte: usize = 0;
    for (; byte + blockBytes <= rowBytes; byte += blockBytes, to += nextBlock) {
      v128.store(to, v128.load(rows + byte));
      if (blockBytes == 32) v128.store(to, v128.load(rows + byte, 16), 16);
    }
    if (byte < rowBytes) {
      memory.copy(to, rows + byte, rowBytes - byte);
      memory.fill(to + rowBytes - byte, 0, blockBytes - (rowBytes - byte));
    }
    rows += rowBytes;
    blocks += blockBytes;
  }
}

/** matrix += patches^T * dy for `count` pixels. @param matrix f32[blocks * 4, panels * 8] */
function addProducts(patches: usize, dyPanels: usize, count: usize, matrix: usize, blocks: usize, panels: usize): void {
  const row = panels << 5;
  const blockBytes = count << 4;
  for (let panel: usize = 0; panel < panels; panel++) {
    const weights = dyPanels + panel * (count << 5);
    let row0 = matrix + (panel << 5);
    let columns = patches;
    for (let block: usize = 0; block < blocks; block++) {
      addBlock(row0, row0 + row, row0 + 2 * row, row0 + 3 * row, columns, columns + blockBytes, weights);
      columns += blockBytes;
      row0 += row << 2;
    }
  }
}

/**
 * Adds the product of 4 columns and 8 columns to 4 x 8 sums, which stay in registers. Two pixels a turn: V8 checks for a
 * stack overflow on every turn.
 *
 * @param columns f32[count, 4]  @param weights f32[count, 8]
 */
// @ts-ignore: decorator of AssemblyScript
@inline
function addBlock(
  y0: usize,
  y1: usize,
  y2: usize,
  y3: usize,
  columns: usize,
  columnsEnd: usize,
  weights: usize,
): void {
  let low0 = v128.load(y0), high0 = v128.load(y0, 16);
  let low1 = v128.load(y1), high1 = v128.load(y1, 16);
  let low2 = v128.load(y2), high2 = v128.load(y2, 16);
  let low3 = v128.load(y3), high3 = v128.load(y3, 16);
  let low: v128, high: v128, t: v128;
  while (columns < columnsEnd) {
    low = v128.load(weights);
    high = v128.load(weights, 16);
    t = v128.load32_splat(columns);
    low0 = madd(t, low, low0);
    high0 = madd(t, high, high0);
    t = v128.load32_splat(columns, 4);
    low1 = madd(t, low, low1);
    high1 = madd(t, high, high1);
    t = v128.load32_splat(columns, 8);
    low2 = madd(t, low, low2);
    high2 = madd(t, high, high2);
    t = v128.load32_splat(columns, 12);
    low3 = madd(t, low, low3);
    high3 = madd(t, high, high3);
    columns += 16;
    weights += 32;
    if (columns >= columnsEnd) break;

    low = v128.load(weights);
    high = v128.load(weights, 16);
    t = v128.load32_splat(columns);
    low0 = madd(t, low, low0);
    high0 = madd(t, high, high0);
    t = v128.load32_splat(columns, 4);
    low1 = madd(t, low, low1);
    high1 = madd(t, high, high1);
    t = v128.load32_splat(columns, 8);
    low2 = madd(t, low, low2);
    high2 = madd(t, high, high2);
    t = v128.load32_splat(columns, 12);
    low3 = madd(t, low, low3);
    high3 = madd(t, high, high3);
    columns += 16;
    weights += 32;
  }
  v128.store(y0, low0);
  v128.store(y0, high0, 16);
  v128.store(y1, low1);
  v128.store(y1, high1, 16);
  v128.store(y2, low2);
  v128.store(y2, high2, 16);
  v128.store(y3, low3);
  v128.store(y3, high3, 16);
}

/** Copies rows out of longer ones. @param from f32[rows, fromChannels]  @param to f32[rows, toChannels] */
export function cutRows(from: usize, fromChannels: usize, to: usize, toChannels: usize, rows: usize): void {
  for (let row: usize = 0; row < rows; row++) {
    memory.copy(to, from, toChannels << 2);
    from += fromChannels << 2;
    to += toChannels << 2;
  }
}
