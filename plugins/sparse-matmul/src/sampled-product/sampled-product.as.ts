import { layColumns } from '../matmul/columns.as';
import { longestProductSum, moveToTotals, roundTotals } from '@tfjs-sparse/core/src/assembly/long-sums.as';
import { madd } from '@tfjs-sparse/core/src/assembly/simd.as';

/** Rows that are laid out column by column at a time. */
export const chunkRows: usize = 64;

/**
 * values[block][lane] = sum over the rows of x[row][column of block] * dy[row][output of lane].
 *
 * @param x f32[rows, inFeatures]  @param dy f32[rows, outFeatures]  @param values f32[blocks, blockOutputs]
 * @param starts i32[blockRows + 1]  @param columns i32[blocks]
 * @param scratch f32[inFeatures + outFeatures, 64]  @param totals f64[blocks, blockOutputs] scratch
 */
export function sampledProduct(
  x: usize,
  dy: usize,
  values: usize,
  starts: usize,
  columns: usize,
  rows: usize,
  inFeatures: usize,
  outFeatures: usize,
  blockOutputs: usize,
  scratch: usize,
  totals: usize,
): void {
  const blockRows = (outFeatures + blockOutputs - 1) / blockOutputs;
  const valueCount = (load<u32>(starts + (blockRows << 2)) as usize) * blockOutputs;
  memory.fill(values, 0, valueCount << 2);
  memory.fill(totals, 0, valueCount << 3);
  const dyColumns = scratch + inFeatures * (chunkRows << 2);
  for (let first: usize = 0; first < rows; first += chunkRows) {
    const count = min(chunkRows, rows - first);
    if (first % longestProductSum == 0) moveToTotals(values, totals, valueCount);
    layColumns(x, scratch, first, rows, inFeatures, (count + 3) & ~3, chunkRows);
    layColumns(dy, dyColumns, first, rows, outFeatures, (count + 3) & ~3, chunkRows);
    let column = columns;
    let value = values;
    for (let row: usize = 0; row < blockRows; row++) {
      const outputs = min(blockOutputs, outFeatures - row * blockOutputs);
      const end = columns + ((load<u32>(starts + (row << 2), 4) as usize) << 2);
      for (; column < end; column += 4) {
        const xColumn = scratch + (load<u32>(column) as usize) * (chunkRows << 2);
        for (let lane: usize = 0; lane < outputs; lane++) {
          const dyColumn = dyColumns + (row * blockOutputs + lane) * (chunkRows << 2);
          store<f32>(value + (lane << 2), load<f32>(value + (lane << 2)) + dot(xColumn, dyColumn, count));
        }
        value += blockOutputs << 2;
      }
    }
  }
  moveToTotals(values, totals, valueCount);
  roundTotals(totals, 1, values, valueCount);
}

export function dot(a: usize, b: usize, count: usize): f32 {
  let sums = f32x4.splat(0), more = sums;
  const end = a + (count << 2);
  for (; a + 32 <= end; a += 32) {
    sums = madd(v128.load(a), v128.load(b), sums);
    more = madd(v128.load(a, 16), v128.load(b, 16), more);
    b += 32;
  }
  for (; a + 16 <= end; a += 16) {
    sums = madd(v128.load(a), v128.load(b), sums);
    b += 16;
  }
  sums = f32x4.add(sums, more);
  let sum =
    f32x4.extract_lane(sums, 0) + f32x4.extract_lane(sums, 1) + (f32x4.extract_lane(sums, 2) + f32x4.extract_lane(sums, 3));
  for (; a < end; a += 4) {
    sum += load<f32>(a) * load<f32>(b);
    b += 4;
  }
  return sum;
}
