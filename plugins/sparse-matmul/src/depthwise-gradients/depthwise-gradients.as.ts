import { longestProductSum, moveToTotals, roundTotals } from '@tfjs-sparse/core/src/assembly/long-sums.as';
import { madd } from '@tfjs-sparse/core/src/assembly/simd.as';

/**
 * dx = for every output pixel and place of the filter dy * filter, added to the input pixel there, channel by channel.
 * Images do not depend on each other.
 *
 * @param firstImage  @param endImage the images to do
 * @param dy     f32[batch, outHeight, outWidth, channels]
 * @param filter f32[filterHeight, filterWidth, channels]
 * @param dx     f32[batch, inHeight, inWidth, channels]
 */
export function depthwiseInputGradient(
  firstImage: usize,
  endImage: usize,
  _thread: usize,
  dy: usize,
  filter: usize,
  dx: usize,
  channels: usize,
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
  const pixel = channels << 2;
  const inRowBytes = inWidth * pixel;
  const outRowBytes = outWidth * pixel;
  const step = strideWidth * pixel;
  memory.fill(dx + firstImage * inHeight * inRowBytes, 0, (endImage - firstImage) * inHeight * inRowBytes);
  for (let image = firstImage; image < endImage; image++) {
    const dxImage = dx + image * inHeight * inRowBytes;
    for (let row: usize = 0; row < outHeight; row++) {
      const dyRow = dy + (image * outHeight + row) * outRowBytes;
      for (let filterRow: usize = 0; filterRow < filterHeight; filterRow++) {
        const inRow = row * strideHeight + filterRow - padTop;
        if (inRow >= inHeight) continue; // also above the image, where it wraps around
        for (let filterColumn: usize = 0; filterColumn < filterWidth; filterColumn++) {
          const first = firstColumn(filterColumn, padLeft, strideWidth);
          const end = endColumn(filterColumn, padLeft, strideWidth, inWidth, outWidth);
          if (first >= end) continue;
          const weights = filter + (filterRow * filterWidth + filterColumn) * pixel;
          const to = dxImage + inRow * inRowBytes + (first * strideWidth + filterColumn - padLeft) * pixel;
          scatterRow(dyRow + first * pixel, dyRow + end * pixel, weights, to, pixel, step);
        }
      }
    }
  }
}

/** First output column whose window has `filterColumn` inside the image. */
// @ts-ignore: decorator of AssemblyScript
@inline
function firstColumn(filterColumn: usize, padLeft: usize, stride: usize): usize {
  return filterColumn >= padLeft ? 0 : (padLeft - filterColumn + stride - 1) / stride;
}

/** One behind the last such column. */
// @ts-ignore: decorator of AssemblyScript
@inline
function endColumn(filterColumn: usize, padLeft: usize, stride: usize, inWidth: usize, outWidth: usize): usize {
  if (filterColumn >= inWidth + padLeft) return 0;
  return min(outWidth, (inWidth + padLeft - filterColumn + stride - 1) / stride);
}

/** to[i * step] += dy[i] * weights for the pixels of one row. */
function scatterRow(dy: usize, dyEnd: usize, weights: usize, to: usize, pixel: usize, step: usize): void {
  let byte: usize = 0;
  for (; byte + 64 <= pixel; byte += 64) {
    const w0 = v128.load(weights + byte);
    const w1 = v128.load(weights + byte, 16);
    const w2 = v128.load(weights + byte, 32);
    const w3 = v128.load(weights + byte, 48);
    let target = to + byte;
    for (let from = dy + byte; from < dyEnd; from += pixel, target += step) {
      v128.store(target, madd(v128.load(from), w0, v128.load(target)));
      v128.store(target, madd(v128.load(from, 16), w1, v128.load(target, 16)), 16);
      v128.store(target, madd(v128.load(from, 32), w2, v128.load(target, 32)), 32);
      v128.store(target, madd(v128.load(from, 48), w3, v128.load(target, 48)), 48);
    }
  }
  for (; byte + 16 <= pixel; byte += 16) {
    const w = v128.load(weights + byte);
    let target = to + byte;
    for (let from = dy + byte; from < dyEnd; from += pixel, target += step) {
      v128.store(target, madd(v128.load(from), w, v128.load(target)));
    }
  }
  for (; byte < pixel; byte += 4) {
    const w = v128.load32_zero(weights + byte);
    let target = to + byte;
    for (let from = dy + byte; from < dyEnd; from += pixel, target += step) {
      v128.store_lane<f32>(target, madd(v128.load32_zero(from), w, v128.load32_zero(target)), 0);
    }
  }
}

/**
 * dFilter[place] = sum over output pixels of dy * the input pixel at that place of its window, channel by channel. Rows
 * of the filter do not depend on each other.
 *
 * @param firstFilterRow  @param endFilterRow the rows to do
 * @param x       f32[batch, inHeight, inWidth, channels]
 * @param dy      f32[batch, outHeight, outWidth, channels]
 * @param dFilter f32[filterHeight, filterWidth, channels]
 * @param totals  f64[filterHeight, filterWidth, channels] scratch
 */
export function depthwiseFilterGradient(
  firstFilterRow: usize,
  endFilterRow: usize,
  _thread: usize,
  x: usize,
  dy: usize,
  dFilter: usize,
  batch: usize,
  channels: usize,
  inHeight: usize,
  inWidth: usize,
  outHeight: usize,
  outWidth: usize,
  _filterHeight: usize,
  filterWidth: usize,
  strideHeight: usize,
  strideWidth: usize,
  padTop: usize,
  padLeft: usize,
  totals: usize,
): void {
  const pixel = channels << 2;
  const inRowBytes = inWidth * pixel;
  const outRowBytes = outWidth * pixel;
  const step = strideWidth * pixel;
  const filterRowBytes = filterWidth * pixel;
  const ownFilter = dFilter + firstFilterRow * filterRowBytes;
  const ownTotals = totals + firstFilterRow * (filterRowBytes << 1);
  const ownSize = ((endFilterRow - firstFilterRow) * filterRowBytes) >> 2;
  memory.fill(ownFilter, 0, ownSize << 2);
  memory.fill(ownTotals, 0, ownSize << 3);
  let added: usize = 0;
  for (let image: usize = 0; image < batch; image++) {
    for (let row: usize = 0; row < outHeight; row++) {
      const dyRow = dy + (image * outHeight + row) * outRowBytes;
      if (added + outWidth > longestProductSum) {
        moveToTotals(ownFilter, ownTotals, ownSize);
        added = 0;
      }
      added += outWidth;
      for (let filterRow = firstFilterRow; filterRow < endFilterRow; filterRow++) {
        const inRow = row * strideHeight + filterRow - padTop;
        if (inRow >= inHeight) continue; // also above the image, where it wraps around
        const xRow = x + (image * inHeight + inRow) * inRowBytes;
        for (let filterColumn: usize = 0; filterColumn < filterWidth; filterColumn++) {
          const first = firstColumn(filterColumn, padLeft, strideWidth);
          const end = endColumn(filterColumn, padLeft, strideWidth, inWidth, outWidth);
          if (first >= end) continue;
          const sums = dFilter + (filterRow * filterWidth + filterColumn) * pixel;
          const from = xRow + (first * strideWidth + filterColumn - padLeft) * pixel;
          addRowProducts(dyRow + first * pixel, dyRow + end * pixel, from, sums, pixel, step);
        }
      }
    }
  }
  moveToTotals(ownFilter, ownTotals, ownSize);
  roundTotals(ownTotals, 1, ownFilter, ownSize);
}

/** sums += sum of dy[i] * x[i * step] over the pixels of one row. */
function addRowProducts(dy: usize, dyEnd: usize, x: usize, sums: usize, pixel: usize, step: usize): void {
  let byte: usize = 0;
  for (; byte + 64 <= pixel; byte += 64) {
    const block = sums + byte;
    let sum0 = v128.load(block);
    let sum1 = v128.load(block, 16);
    let sum2 = v128.load(block, 32);
    let sum3 = v128.load(block, 48);
    let from = x + byte;
    for (let by = dy + byte; by < dyEnd; by += pixel, from += step) {
      sum0 = madd(v128.load(from), v128.load(by), sum0);
      sum1 = madd(v128.load(from, 16), v128.load(by, 16), sum1);
      sum2 = madd(v128.load(from, 32), v128.load(by, 32), sum2);
      sum3 = madd(v128.load(from, 48), v128.load(by, 48), sum3);
    }
    v128.store(block, sum0);
    v128.store(block, sum1, 16);
    v128.store(block, sum2, 32);
    v128.store(block, sum3, 48);
  }
  for (; byte + 16 <= pixel; byte += 16) {
    let sum = v128.load(sums + byte);
    let from = x + byte;
    for (let by = dy + byte; by < dyEnd; by += pixel, from += step) sum = madd(v128.load(from), v128.load(by), sum);
    v128.store(sums + byte, sum);
  }
  for (; byte < pixel; byte += 4) {
    let sum = v128.load32_zero(sums + byte);
    let from = x + byte;
    for (let by = dy + byte; by < dyEnd; by += pixel, from += step) {
      sum = madd(v128.load32_zero(from), v128.load32_zero(by), sum);
    }
    v128.store_lane<f32>(sums + byte, sum, 0);
  }
}
