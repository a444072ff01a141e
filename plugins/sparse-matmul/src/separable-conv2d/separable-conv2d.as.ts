import { finishSums } from '@tfjs-sparse/core/src/assembly/epilogue.as';
import { depthwise3Tile } from '../depthwise-conv2d/depthwise3.as';
import { groupOutputs, tileRows } from '../matmul/tile-layout.as';
import { multiplyTile } from '../matmul/tile-product.as';

/**
 * A 3 x 3 depthwise convolution and a product with sparse weights, tile by tile of output pixels: what lies between them
 * is never an image, only a tile in scratch. Tiles do not depend on each other.
 *
 * @param firstTile @param endTile the tiles to do  @param thread whose scratch to use
 * @param x          f32[batch, inHeight, inWidth, channels], channels a multiple of 4
 * @param filter     f32[channels / 4, 9, 4] of `packDepthwise3`  @param filterBias f32[channels]
 * @param y          f32[pixels, outFeatures], pixels of [batch, outHeight, outWidth]
 * @param counts     @param entries as `tileMatMul` takes them  @param bias f32[8 * ceil(outFeatures / 8)]
 * @param residual   f32[pixels, outFeatures], or 0
 * @param filterLow @param filterHigh limits after the depthwise convolution  @param low @param high after the product;
 *   -Infinity and Infinity for none
 * @param tiles      f32[threads, channels + groupOutputs, tileRows] scratch
 * @param zeros      as for `depthwise3Rows`
 */
export function separableConv2D(
  firstTile: usize,
  endTile: usize,
  thread: usize,
  x: usize,
  filter: usize,
  filterBias: usize,
  y: usize,
  counts: usize,
  entries: usize,
  bias: usize,
  residual: usize,
  pixels: usize,
  channels: usize,
  outFeatures: usize,
  blockOutputs: usize,
  filterLow: f32,
  filterHigh: f32,
  low: f32,
  high: f32,
  tiles: usize,
  zeros: usize,
  inHeight: usize,
  inWidth: usize,
  outHeight: usize,
  outWidth: usize,
  stride: usize,
  padTop: usize,
  padLeft: usize,
): void {
  const width = tileRows(blockOutputs);
  const lowSum: f32 = residual != 0 ? -Infinity : low;
  const highSum: f32 = residual != 0 ? Infinity : high;
  const tile = tiles + thread * (((channels + groupOutputs) * width) << 2);
  for (let first = firstTile * width; first < endTile * width; first += width) {
    const count = min(width, pixels - first);
    depthwise3Tile(
      first,
      count,
      x,
      filter,
      filterBias,
      tile,
      width,
      channels,
      filterLow,
      filterHigh,
      zeros,
      inHeight,
      inWidth,
      outHeight,
      outWidth,
      stride,
      padTop,
      padLeft,
    );
    const to = y + first * (outFeatures << 2);
    multiplyTile(tile, to, counts, entries, bias, count, channels, outFeatures, blockOutputs, lowSum, highSum);
    if (residual != 0) finishSums(to, residual + first * (outFeatures << 2), count * outFeatures, low, high);
  }
}
