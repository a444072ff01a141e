import { layFourRows } from '@tfjs-sparse/core/src/assembly/lay-four-rows.as';

/**
 * Lays the pixels that a tile of cells reads out channel by channel: tile[channel][strip][pixel]. What lies outside the
 * images is 0.
 *
 * @param firstCell of the tile  @param width cells of a tile  @param rowCells cells of an output row
 * @param x       f32[batch, inHeight, inWidth, channels]  @param zeros f32[channels]
 * @param tile    f32[channels, strips, stripPixels]
 * @param shifts  i32[strips, 2] row and column from the window's first pixel  @param stripPixels a multiple of 4
 * @param pixels  u32[4] scratch
 */
export function layStrips(
  firstCell: usize,
  width: usize,
  rowCells: usize,
  x: usize,
  zeros: usize,
  tile: usize,
  channels: usize,
  shifts: usize,
  strips: usize,
  stripPixels: usize,
  pixels: usize,
  batch: usize,
  inHeight: usize,
  inWidth: usize,
  outHeight: usize,
  strideHeight: usize,
  strideWidth: usize,
): void {
  const pixelBytes = channels << 2;
  const stripBytes = stripPixels << 2;
  const channelBytes = strips * stripBytes;
  const firstRow = firstCell / rowCells;
  const firstColumn = firstCell % rowCells;
  // Tiles of whole rows never cross a row; what they read behind it is not the next row.
  const lastColumn = rowCells % width == 0 ? usize.MAX_VALUE : rowCells - 1;
  for (let strip: usize = 0; strip < strips; strip++) {
    const rowShift = load<i32>(shifts + (strip << 3));
    const columnShift = load<i32>(shifts + (strip << 3), 4);
    let row = firstRow;
    let column = firstColumn;
    let from = rowOf(row, x, pixelBytes, rowShift, batch, inHeight, inWidth, outHeight, strideHeight);
    const to = tile + strip * stripBytes;
    for (let byte: usize = 0; byte < stripBytes; byte += 16) {
      const inColumn = column * strideWidth + columnShift; // wraps around left of the image, then not below inWidth
      const stepBytes = strideWidth * pixelBytes;
      let pixel0 = zeros, pixel1 = zeros, pixel2 = zeros, pixel3 = zeros;
      if (from != 0 && column + 4 <= lastColumn && inColumn < inWidth && inColumn + 3 * strideWidth < inWidth) {
        pixel0 = from + inColumn * pixelBytes;
        pixel1 = pixel0 + stepBytes;
        pixel2 = pixel1 + stepBytes;
        pixel3 = pixel2 + stepBytes;
        column += 4;
      } else {
        for (let pixel = pixels; pixel < pixels + 16; pixel += 4) {
          const inColumn = column * strideWidth + columnShift;
          store<u32>(pixel, (from != 0 && inColumn < inWidth ? from + inColumn * pixelBytes : zeros) as u32);
          if (column == lastColumn) {
            column = 0;
            from = rowOf(++row, x, pixelBytes, rowShift, batch, inHeight, inWidth, outHeight, strideHeight);
          } else column++;
        }
        pixel0 = load<u32>(pixels) as usize;
        pixel1 = load<u32>(pixels, 4) as usize;
        pixel2 = load<u32>(pixels, 8) as usize;
        pixel3 = load<u32>(pixels, 12) as usize;
      }
      layFourRows(pixel0, pixel1, pixel2, pixel3, pixelBytes, to + byte, channelBytes);
    }
  }
}

/** Where the input row of a strip begins for an output row of all images, or 0 outside the images. */
function rowOf(
  row: usize,
  x: usize,
  pixelBytes: usize,
  shift: usize,
  batch: usize,
  inHeight: usize,
  inWidth: usize,
  outHeight: usize,
  strideHeight: usize,
): usize {
  const image = row / outHeight;
  const inRow = (row % outHeight) * strideHeight + shift; // wraps around above the image, then not below inHeight
  return image < batch && inRow < inHeight ? x + (image * inHeight + inRow) * inWidth * pixelBytes : 0;
}
