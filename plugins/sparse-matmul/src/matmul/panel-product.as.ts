import { finishSums } from '@tfjs-sparse/core/src/assembly/epilogue.as';
import { clamp4, madd } from '@tfjs-sparse/core/src/assembly/simd.as';
import { layColumns } from './columns.as';

// Patterns of 8 outputs: 4 rows of x lie column by column in scratch, [inFeatures][4], so that a kept block of 8 weights
// (2 vectors) meets 4 values, one per row. Entries are {u32 byte offset of the column, f32[8]}.

const blockBytes: usize = 36;

/**
 * y = clamp(x * weights + bias + residual) for chunks of rows, which do not depend on each other. Within a chunk the weights of
 * 8 outputs stay in the nearest cache while all its rows meet them.
 *
 * @param firstChunk @param endChunk the chunks to do  @param thread whose scratch to use
 * @param x       f32[rows, inFeatures]
 * @param y       f32[rows, outFeatures]
 * @param entries the packed weights
 * @param starts  i32[blockRows + 1] first block of each block row
 * @param bias    f32[8 * ceil(outFeatures / 8)]  @param residual f32[rows, outFeatures], or 0
 * @param chunkRows rows of a chunk, a multiple of 4
 * @param columns f32[threads, chunkRows / 4, inFeatures, 4] scratch
 */
export function panelMatMul(
  firstChunk: usize,
  endChunk: usize,
  thread: usize,
  x: usize,
  y: usize,
  entries: usize,
  starts: usize,
  bias: usize,
  residual: usize,
  rows: usize,
  inFeatures: usize,
  outFeatures: usize,
  low: f32,
  high: f32,
  chunkRows: usize,
  columns: usize,
): void {
  const panelBytes = inFeatures << 4;
  const rowBytes = outFeatures << 2;
  const lows = f32x4.splat(residual != 0 ? -Infinity : low);
  const highs = f32x4.splat(residual != 0 ? Infinity : high);
  columns += thread * (chunkRows >> 2) * panelBytes;
  for (let first = firstChunk * chunkRows; first < endChunk * chunkRows && first < rows; first += chunkRows) {
    const count = min(chunkRows, rows - first);
    for (let row: usize = 0; row < count; row += 4) {
      layColumns(x, columns + (row >> 2) * panelBytes, first + row, rows, inFeatures, 4, 4);
    }
    let from = entries;
    let blockStarts = starts;
    for (let output: usize = 0; output < outFeatures; output += 8) {
      const end = from + (load<u32>(blockStarts, 4) - load<u32>(blockStarts)) * blockBytes;
      let to = y + first * rowBytes + (output << 2);
      let panel = columns;
      const lowBias = v128.load(bias + (output << 2));
      const highBias = v128.load(bias + (output << 2), 16);
      for (let row: usize = 0; row < count; row += 4) {
        let entry = from;
        let low0 = lowBias, low1 = lowBias, low2 = lowBias, low3 = lowBias;
        let high0 = highBias, high1 = highBias, high2 = highBias, high3 = highBias;
        let low: v128, high: v128, x: v128, column: usize;
        while (entry < end) {
          column = panel + load<u32>(entry);
          low = v128.load(entry, 4);
          high = v128.load(entry, 20);
          entry += blockBytes;
          x = v128.load32_splat(column);
          low0 = madd(x, low, low0);
          high0 = madd(x, high, high0);
          x = v128.load32_splat(column, 4);
          low1 = madd(x, low, low1);
          high1 = madd(x, high, high1);
          x = v128.load32_splat(column, 8);
          low2 = madd(x, low, low2);
          high2 = madd(x, high, high2);
          x = v128.load32_splat(column, 12);
          low3 = madd(x, low, low3);
          high3 = madd(x, high, high3);
          if (entry >= end) break;

          column = panel + load<u32>(entry);
          low = v128.load(entry, 4);
          high = v128.load(entry, 20);
          entry += blockBytes;
          x = v128.load32_splat(column);
          low0 = madd(x, low, low0);
          high0 = madd(x, high, high0);
          x = v128.load32_splat(column, 4);
          low1 = madd(x, low, low1);
          high1 = madd(x, high, high1);
          x = v128.load32_splat(column, 8);
          low2 = madd(x, low, low2);
          high2 = madd(x, high, high2);
          x = v128.load32_splat(column, 12);
          low3 = madd(x, low, low3);
          high3 = madd(x, high, high3);
          if (entry >= end) break;

          column = panel + load<u32>(entry);
          low = v128.load(entry, 4);
          high = v128.load(entry, 20);
          entry += blockBytes;
          x = v128.load32_splat(column);
          low0 = madd(x, low, low0);
          high0 = madd(x, high, high0);
          x = v128.load32_splat(column, 4);
          low1 = madd(x, low, low1);
          high1 = madd(x, high, high1);
          x = v128.load32_splat(column, 8);
          low2 = madd(x, low, low2);
          high2 = madd(x, high, high2);
          x = v128.load32_splat(column, 12);
          low3 = madd(x, low, low3);
          high3 = madd(x, high, high3);
          if (entry >= end) break;

          column = panel + load<u32>(entry);
          low = v128.load(entry, 4);
          high = v128.load(entry, 20);
          entry += blockBytes;
          x = v128.load32_splat(column);
          low0 = madd(x, low, low0);
          high0 = madd(x, high, high0);
          x = v128.load32_splat(column, 4);
          low1 = madd(x, low, low1);
          high1 = madd(x, high, high1);
          x = v128.load32_splat(column, 8);
          low2 = madd(x, low, low2);
          high2 = madd(x, high, high2);
          x = v128.load32_splat(column, 12);
          low3 = madd(x, low, low3);
          high3 = madd(x, high, high3);
        }
        low0 = clamp4(low0, lows, highs);
        high0 = clamp4(high0, lows, highs);
        low1 = clamp4(low1, lows, highs);
        high1 = clamp4(high1, lows, highs);
        low2 = clamp4(low2, lows, highs);
        high2 = clamp4(high2, lows, highs);
        low3 = clamp4(low3, lows, highs);
        high3 = clamp4(high3, lows, highs);
        if (count - row >= 4 && outFeatures - output >= 8) {
          v128.store(to, low0);
          v128.store(to, high0, 16);
          to += rowBytes;
          v128.store(to, low1);
          v128.store(to, high1, 16);
          to += rowBytes;
          v128.store(to, low2);
          v128.store(to, high2, 16);
          to += rowBytes;
          v128.store(to, low3);
          v128.store(to, high3, 16);
          to += rowBytes;
        } else {
          const outputs = min(8, outFeatures - output);
          storeFew(low0, high0, to, outputs);
          if (count - row > 1) storeFew(low1, high1, to + rowBytes, outputs);
          if (count - row > 2) storeFew(low2, high2, to + 2 * rowBytes, outputs);
          if (count - row > 3) storeFew(low3, high3, to + 3 * rowBytes, outputs);
          to += rowBytes << 2;
        }
        panel += panelBytes;
      }
      from = end;
      blockStarts += 4;
    }
    const done = first * rowBytes;
    if (residual != 0) finishSums(y + done, residual + done, count * outFeatures, low, high);
  }
}

/** The first `count` of 8 values. */
function storeFew(low: v128, high: v128, to: usize, count: usize): void {
  for (let i: usize = 0; i < count; i++) {
    const values = i < 4 ? low : high;
    const pair = (i & 2) == 0 ? v128.shuffle<i64>(values, values, 0, 0) : v128.shuffle<i64>(values, values, 1, 1);
    store<f32>(to + (i << 2), (i & 1) == 0 ? f32x4.extract_lane(pair, 0) : f32x4.extract_lane(pair, 1));
  }
}
