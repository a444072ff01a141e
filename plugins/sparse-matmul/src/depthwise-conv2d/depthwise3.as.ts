import { finishSums } from '@tfjs-sparse/core/src/assembly/epilogue.as';
import { fourPixels } from './four-pixels.as';
import { twoPixels } from './two-pixels.as';

/**
 * y = activation(bias + residual + sum over a 3 x 3 filter of x * filter) for whole rows of output pixels, which do not
 * depend on each other. The windows read the images themselves; columns outside of them are read from zeros.
 *
 * @param firstRow @param endRow rows to do, [batch, outHeight]
 * @param x        f32[batch, inHeight, inWidth, channels], channels a multiple of 4
 * @param filter   f32[channels / 4, 9, 4] of `packDepthwise3`
 * @param bias     f32[channels]  @param residual f32[batch, outHeight, outWidth, channels], or 0
 * @param y        f32[batch, outHeight, outWidth, channels]
 * @param low @param high limits of an activation: -Infinity or 0, and Infinity or 6
 * @param zeros    2 input rows and a pixel, in which the first pixel of each row is 0
 * @param stride   1 or 2
 * Every window must have a row inside the image.
 */
export function depthwise3Rows(
  firstRow: usize,
  endRow: usize,
  _thread: usize,
  x: usize,
  filter: usize,
  bias: usize,
  residual: usize,
  y: usize,
  channels: usize,
  low: f32,
  high: f32,
  zeros: usize,
  inHeight: usize,
  inWidth: usize,
  outHeight: usize,
  outWidth: usize,
  stride: usize,
  padTop: usize,
  padLeft: usize,
): void {
  const pixel = channels << 2;
  const sumActivation = residual != 0 ? 0 : activationOf(low, high);
  for (let row = firstRow; row < endRow; row++) {
    const image = x + (row / outHeight) * inHeight * inWidth * pixel;
    const to = y + row * outWidth * pixel;
    const inRow = ((row % outHeight) * stride) as isize;
    rowPart(
      image,
      inRow - (padTop as isize),
      0,
      outWidth,
      filter,
      bias,
      to,
      pixel,
      0,
      sumActivation,
      zeros,
      inHeight,
      inWidth,
      stride,
      padLeft,
    );
    const done = row * outWidth * pixel;
    if (residual != 0) finishSums(to, residual + done, outWidth * channels, low, high);
  }
}

/**
 * The same for a run of output pixels, into a tile of the layout that sparse matrices multiply: a depthwise convolution
 * between two of them need not write an image.
 *
 * @param firstPixel of [batch, outHeight, outWidth]  @param pixels 1 to tileRows
 * @param tile       f32[channels, tileRows]; pixels beyond `pixels` keep what they hold
 */
export function depthwise3Tile(
  firstPixel: usize,
  pixels: usize,
  x: usize,
  filter: usize,
  bias: usize,
  tile: usize,
  tileRows: usize,
  channels: usize,
  low: f32,
  high: f32,
  zeros: usize,
  inHeight: usize,
  inWidth: usize,
  outHeight: usize,
  outWidth: usize,
  stride: usize,
  padTop: usize,
  padLeft: usize,
): void {
  const pixel = channels << 2;
  const activation = activationOf(low, high);
  const end = firstPixel + pixels;
  while (firstPixel < end) {
    const row = firstPixel / outWidth;
    const column = firstPixel - row * outWidth;
    const endColumn = min(outWidth, column + end - firstPixel);
    const image = x + (row / outHeight) * inHeight * inWidth * pixel;
    const inRow = ((row % outHeight) * stride) as isize;
    rowPart(
      image,
      inRow - (padTop as isize),
      column,
      endColumn,
      filter,
      bias,
      tile,
      pixel,
      tileRows << 2,
      activation,
      zeros,
      inHeight,
      inWidth,
      stride,
      padLeft,
    );
    tile += (endColumn - column) << 2;
    firstPixel += endColumn - column;
  }
}

/**
 * The activation with these limits: 0 none, 1 relu, 2 relu6. One integer in the loops over the channels, where two float32
 * limits took registers and 5 % of the time (bench depthwise).
 */
function activationOf(low: f32, high: f32): i32 {
  if (low < 0) return 0;
  return high == Infinity ? 1 : 2;
}

/** Output columns `column` to `endColumn` of one row, in blocks; `tileRow` is 0 for an image. */
function rowPart(
  image: usize,
  inRow: isize,
  column: usize,
  endColumn: usize,
  filter: usize,
  bias: usize,
  to: usize,
  pixel: usize,
  tileRow: usize,
  activation: i32,
  zeros: usize,
  inHeight: usize,
  inWidth: usize,
  stride: usize,
  padLeft: usize,
): void {
  const rowBytes = inWidth * pixel;
  const firstRow = max(<isize>0, inRow);
  const endRow = min(inHeight as isize, inRow + 3);
  const rows = (endRow - firstRow) as usize;
  const weights = filter + ((firstRow - inRow) as usize) * 48;
  const from = image + (firstRow as usize) * rowBytes;
  const toStep: usize = tileRow == 0 ? pixel : 4;
  const block: usize = stride == 1 ? 4 : 2;
  for (; column < endColumn; column += block, to += block * toStep) {
    const first = column * stride - padLeft;
    const c0 = columnOf(first, from, pixel, inWidth, zeros);
    const c1 = columnOf(first + 1, from, pixel, inWidth, zeros);
    const c2 = columnOf(first + 2, from, pixel, inWidth, zeros);
    const c3 = columnOf(first + 3, from, pixel, inWidth, zeros);
    const c4 = columnOf(first + 4, from, pixel, inWidth, zeros);
    const count = min(block, endColumn - column);
    if (stride == 1) {
      const c5 = columnOf(first + 5, from, pixel, inWidth, zeros);
      fourPixels(c0, c1, c2, c3, c4, c5, rowBytes, rows, weights, bias, activation, pixel, to, pixel, tileRow, count);
    } else {
      twoPixels(c0, c1, c2, c3, c4, rowBytes, rows, weights, bias, activation, pixel, to, pixel, tileRow, count);
    }
  }
}

/** Where an input column lies; one left of the image wraps around to a large number. */
// @ts-ignore: decorator of AssemblyScript
@inline
function columnOf(column: usize, from: usize, pixel: usize, inWidth: usize, zeros: usize): usize {
  return column < inWidth ? from + column * pixel : zeros;
}

/**
 * Packs a filter for `depthwise3Rows`.
 *
 * @param filter f32[9, channels], channels a multiple of 4  @param packed f32[channels / 4, 9, 4]
 */
export function packDepthwise3(filter: usize, packed: usize, channels: usize): void {
  for (let channel: usize = 0; channel < channels; channel += 4) {
    for (let place: usize = 0; place < 9; place++, packed += 16) {
      v128.store(packed, v128.load(filter + ((place * channels + channel) << 2)));
    }
  }
}
