import { finishSums } from '@tfjs-sparse/core/src/assembly/epilogue.as';
import { madd } from '@tfjs-sparse/core/src/assembly/simd.as';
import { fillPlanes, pixelBytes, planeWidth, writeSteps } from './planes.as';

/**
 * y = activation(bias + residual + sum over the filter's places of x * filter), channel by channel. An item is a band of rows of one
 * slice of 16 channels of one image; items do not depend on each other.
 *
 * @param firstItem @param endItem the items to do, [batch, bands, slices]  @param thread whose scratch to use
 * @param x        f32[batch, inHeight, inWidth, channels]
 * @param filter   f32[slices, filterHeight * filterWidth, 16] of `packDepthwiseFilter`
 * @param bias     f32[16 * slices]  @param residual f32[batch, outHeight, outWidth, channels], or 0
 * @param y        f32[batch, outHeight, outWidth, channels]
 * @param low @param high limits of y; -Infinity and Infinity for none
 * @param bandRows output rows of a band
 * @param scratch  [threads, scratchBytes]: a slice of a band's input rows, then i32 per step
 */
export function depthwiseSlices(
  firstItem: usize,
  endItem: usize,
  thread: usize,
  x: usize,
  filter: usize,
  bias: usize,
  residual: usize,
  y: usize,
  channels: usize,
  low: f32,
  high: f32,
  bandRows: usize,
  scratch: usize,
  scratchBytes: usize,
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
  const slices = (channels + 15) >> 4;
  const bands = (outHeight + bandRows - 1) / bandRows;
  const width = planeWidth(outWidth, filterWidth, strideWidth);
  const rowBytes = width * strideWidth * pixelBytes;
  const planes = scratch + thread * scratchBytes;
  const steps = planes + ((bandRows - 1) * strideHeight + filterHeight) * rowBytes;
  const threeEnd = writeSteps(steps, 3, filterHeight, filterWidth, strideWidth, width);
  const twoEnd = writeSteps(threeEnd, 2, filterHeight, filterWidth, strideWidth, width);
  const oneEnd = writeSteps(twoEnd, 1, filterHeight, filterWidth, strideWidth, width);
  const filterBytes = filterHeight * filterWidth * pixelBytes;
  const pixel = channels << 2;
  const lowSum: f32 = residual != 0 ? -Infinity : low;
  const highSum: f32 = residual != 0 ? Infinity : high;
  for (let item = firstItem; item < endItem; item++) {
    const slice = item % slices;
    const firstRow = ((item / slices) % bands) * bandRows;
    const image = item / (slices * bands);
    const rows = min(bandRows, outHeight - firstRow);
    const sliceChannels = min(<usize>16, channels - (slice << 4));
    fillPlanes(
      x + image * inHeight * inWidth * pixel + slice * pixelBytes,
      planes,
      ((firstRow * strideHeight) as isize) - (padTop as isize),
      (rows - 1) * strideHeight + filterHeight,
      width,
      channels,
      sliceChannels,
      inHeight,
      inWidth,
      strideWidth,
      padLeft,
    );
    for (let row: usize = 0; row < rows; row++) {
      let to = y + (image * outHeight + firstRow + row) * outWidth * pixel + slice * pixelBytes;
      let window = planes + row * strideHeight * rowBytes;
      for (let column: usize = 0; column < outWidth; column += 4) {
        const count = min(<usize>4, outWidth - column);
        const weights = filter + slice * filterBytes;
        for (let byte: usize = 0; byte < sliceChannels << 2; byte += 16) {
          convolveBlock(
            window + byte,
            steps,
            threeEnd,
            twoEnd,
            oneEnd,
            weights + byte,
            bias + slice * pixelBytes + byte,
            lowSum,
            highSum,
            to + byte,
            pixel,
            count,
            (sliceChannels << 2) - byte,
          );
        }
        to += pixel << 2;
        window += 4 * pixelBytes;
      }
      if (residual == 0) continue;
      let at = (image * outHeight + firstRow + row) * outWidth * pixel + slice * pixelBytes;
      for (let column: usize = 0; column < outWidth; column++, at += pixel) {
        finishSums(y + at, residual + at, sliceChannels, low, high);
      }
    }
  }
}

/**
 * Four neighbouring output pixels of 4 channels, whose sums stay in registers. Each step is behind an exit of its own: V8
 * would load the pixels of several steps ahead and spill them.
 */
// @ts-ignore: decorator of AssemblyScript
@inline
function convolveBlock(
  window: usize,
  step: usize,
  threeEnd: usize,
  twoEnd: usize,
  oneEnd: usize,
  weights: usize,
  bias: usize,
  low: f32,
  high: f32,
  to: usize,
  pixel: usize,
  count: usize,
  channelBytes: usize,
): void {
  let y0 = v128.load(bias);
  let y1 = y0, y2 = y0, y3 = y0;
  let from: usize, w0: v128, w1: v128, w2: v128, x1: v128, x2: v128, x3: v128, x4: v128;
  while (step < threeEnd) {
    from = window + (load<i32>(step) as usize);
    w0 = v128.load(weights);
    w1 = v128.load(weights, 64);
    w2 = v128.load(weights, 128);
    x1 = v128.load(from, 64);
    x2 = v128.load(from, 128);
    x3 = v128.load(from, 192);
    x4 = v128.load(from, 256);
    y0 = madd(v128.load(from), w0, y0);
    y0 = madd(x1, w1, y0);
    y0 = madd(x2, w2, y0);
    y1 = madd(x1, w0, y1);
    y1 = madd(x2, w1, y1);
    y1 = madd(x3, w2, y1);
    y2 = madd(x2, w0, y2);
    y2 = madd(x3, w1, y2);
    y2 = madd(x4, w2, y2);
    y3 = madd(x3, w0, y3);
    y3 = madd(x4, w1, y3);
    y3 = madd(v128.load(from, 320), w2, y3);
    weights += 192;
    step += 4;
  }
  while (step < twoEnd) {
    from = window + (load<i32>(step) as usize);
    w0 = v128.load(weights);
    w1 = v128.load(weights, 64);
    x1 = v128.load(from, 64);
    x2 = v128.load(from, 128);
    x3 = v128.load(from, 192);
    y0 = madd(v128.load(from), w0, y0);
    y0 = madd(x1, w1, y0);
    y1 = madd(x1, w0, y1);
    y1 = madd(x2, w1, y1);
    y2 = madd(x2, w0, y2);
    y2 = madd(x3, w1, y2);
    y3 = madd(x3, w0, y3);
    y3 = madd(v128.load(from, 256), w1, y3);
    weights += 128;
    step += 4;
  }
  while (step < oneEnd) {
    from = window + (load<i32>(step) as usize);
    w0 = v128.load(weights);
    y0 = madd(v128.load(from), w0, y0);
    y1 = madd(v128.load(from, 64), w0, y1);
    y2 = madd(v128.load(from, 128), w0, y2);
    y3 = madd(v128.load(from, 192), w0, y3);
    weights += 64;
    step += 4;
  }
  if (low > -Infinity) {
    const least = f32x4.splat(low);
    y0 = f32x4.pmax(y0, least);
    y1 = f32x4.pmax(y1, least);
    y2 = f32x4.pmax(y2, least);
    y3 = f32x4.pmax(y3, least);
  }
  if (high < Infinity) {
    const most = f32x4.splat(high);
    y0 = f32x4.pmin(y0, most);
    y1 = f32x4.pmin(y1, most);
    y2 = f32x4.pmin(y2, most);
    y3 = f32x4.pmin(y3, most);
  }
  if (channelBytes >= 16 && count == 4) {
    v128.store(to, y0);
    v128.store(to + pixel, y1);
    v128.store(to + 2 * pixel, y2);
    v128.store(to + 3 * pixel, y3);
  } else {
    storeChannels(to, y0, channelBytes);
    if (count > 1) storeChannels(to + pixel, y1, channelBytes);
    if (count > 2) storeChannels(to + 2 * pixel, y2, channelBytes);
    if (count > 3) storeChannels(to + 3 * pixel, y3, channelBytes);
  }
}

/** Stores the first channels of a vector. */
function storeChannels(to: usize, values: v128, channelBytes: usize): void {
  if (channelBytes >= 16) {
    v128.store(to, values);
    return;
  }
  v128.store_lane<f32>(to, values, 0);
  if (channelBytes > 4) v128.store_lane<f32>(to, values, 1, 4);
  if (channelBytes > 8) v128.store_lane<f32>(to, values, 2, 8);
}
