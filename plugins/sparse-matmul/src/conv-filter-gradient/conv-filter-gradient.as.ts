import { longestProductSum, moveToTotals, roundTotals } from '@tfjs-sparse/core/src/assembly/long-sums.as';
import { addProducts, layOutRows } from '@tfjs-sparse/core/src/assembly/outer-product.as';

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
 * @param totals   f64[blocks * 4, panels * 8] scratch
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
  totals: usize,
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
  const xRow = inChannels << 2;
  const isPointwise = filterHeight == 1 && filterWidth == 1 && strideHeight == 1 && strideWidth == 1 && padTop == 0;
  const outPixels = batch * outHeight * outWidth;
  const filterSize = blocks * 4 * panels * 8;
  memory.fill(dFilter, 0, filterSize << 2);
  memory.fill(totals, 0, filterSize << 3);
  let added: usize = 0;
  for (let first: usize = 0; first < outPixels; first += chunkPixels) {
    const count = min(chunkPixels, outPixels - first);
    if (added + count > longestProductSum) {
      moveToTotals(dFilter, totals, filterSize);
      added = 0;
    }
    added += count;
    layOutRows(dy, 0, first, count, outChannels, 8, dyPanels);
    if (isPointwise && padLeft == 0 && inWidth == outWidth) {
      layOutRows(x, 0, first, count, inChannels, 4, patches);
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
  moveToTotals(dFilter, totals, filterSize);
  roundTotals(totals, 1, dFilter, filterSize);
}
