import { longestProductSum, moveToTotals, roundTotals } from '@tfjs-sparse/core/src/assembly/long-sums.as';
import { layStrips } from '../conv2d/strips.as';
import { layColumns } from '../matmul/columns.as';
import { chunkRows, dot } from '../sampled-product/sampled-product.as';

// The strips of conv2DTiles for tiles of chunkRows output pixels, one strip for each place: no cell is unused, so that no
// NaN of x meets a 0.

/**
 * values[block][lane] = sum over the output pixels of x at the block's place and channel times dy of the lane's output.
 *
 * @param x       f32[batch, inHeight, inWidth, channels]  @param dy f32[batch, outHeight, outWidth, outFeatures]
 * @param values  f32[blocks, blockOutputs]
 * @param starts  i32[blockRows + 1]  @param offsets i32[blocks] byte offset of each block in the tile
 * @param shifts  i32[places, 2] as layStrips takes them  @param zeros f32[channels]
 * @param tile    f32[channels * places * chunkRows + outFeatures * chunkRows + chunkRows] scratch
 * @param totals  f64[blocks, blockOutputs] scratch
 */
export function sampledConv2D(
  x: usize,
  dy: usize,
  values: usize,
  starts: usize,
  offsets: usize,
  channels: usize,
  outFeatures: usize,
  blockOutputs: usize,
  shifts: usize,
  places: usize,
  zeros: usize,
  tile: usize,
  totals: usize,
  batch: usize,
  inHeight: usize,
  inWidth: usize,
  outHeight: usize,
  outWidth: usize,
  strideHeight: usize,
  strideWidth: usize,
): void {
  const blockRows = (outFeatures + blockOutputs - 1) / blockOutputs;
  const valueCount = (load<u32>(starts + (blockRows << 2)) as usize) * blockOutputs;
  const columnBytes = chunkRows << 2;
  const dyColumns = tile + ((channels * places * chunkRows) << 2);
  const pixels = dyColumns + outFeatures * columnBytes;
  const outPixels = batch * outHeight * outWidth;
  memory.fill(values, 0, valueCount << 2);
  memory.fill(totals, 0, valueCount << 3);
  for (let first: usize = 0; first < outPixels; first += chunkRows) {
    const count = min(chunkRows, outPixels - first);
    if (first % longestProductSum == 0) moveToTotals(values, totals, valueCount);
    layStrips(
      first,
      chunkRows,
      outWidth,
      x,
      zeros,
      tile,
      channels,
      shifts,
      places,
      chunkRows,
      pixels,
      batch,
      inHeight,
      inWidth,
      outHeight,
      strideHeight,
      strideWidth,
    );
    layColumns(dy, dyColumns, first, outPixels, outFeatures, (count + 3) & ~3, chunkRows);
    let offset = offsets;
    let value = values;
    for (let row: usize = 0; row < blockRows; row++) {
      const outputs = min(blockOutputs, outFeatures - row * blockOutputs);
      const end = offsets + ((load<u32>(starts + (row << 2), 4) as usize) << 2);
      for (; offset < end; offset += 4) {
        const column = tile + load<u32>(offset);
        for (let lane: usize = 0; lane < outputs; lane++) {
          const dyColumn = dyColumns + (row * blockOutputs + lane) * columnBytes;
          store<f32>(value + (lane << 2), load<f32>(value + (lane << 2)) + dot(column, dyColumn, count));
        }
        value += blockOutputs << 2;
      }
    }
  }
  moveToTotals(values, totals, valueCount);
  roundTotals(totals, 1, values, valueCount);
}
