import { addToTotals, roundTotals } from '../../assembly/long-sums.as';
import { madd } from '../../assembly/simd.as';
import { rowOf, rowsOfItem, valueOf } from '../entries.as';

/** Entries that a float32 sum takes, so that it is right to 1e-6 (32 / 2 roundings); longer rows add such sums in float64. */
const longestSum: usize = 32;

/**
 * y[row] = sum of values[place] * x[columns[entry]] over the entries of the row, in order; isMean: over their number.
 *
 * @param first tiles of 64 rows  @param x f32[columns, channels]
 * @param values f32[entries], or 0 where all are 1  @param order i32[entries] the place of each value, or 0
 * @param starts i32[rows + 1]  @param columns i32[entries]  @param y f32[rows, channels]
 * @param totals f64[threads, channels] scratch
 */
export function sumRows(
  first: usize,
  end: usize,
  thread: usize,
  x: usize,
  values: usize,
  order: usize,
  starts: usize,
  columns: usize,
  y: usize,
  rows: usize,
  channels: usize,
  isMean: bool,
  totals: usize,
): void {
  const rowBytes = channels << 2;
  const endRow = min(end * rowsOfItem, rows);
  totals += thread * channels << 3;
  for (let row = first * rowsOfItem; row < endRow; row++) {
    const start = load<u32>(starts + (row << 2)) as usize;
    const stop = load<u32>(starts + (row << 2), 4) as usize;
    const to = y + row * rowBytes;
    if (stop <= start + longestSum) {
      const scale: f32 = isMean && stop > start ? 1 / ((stop - start) as f32) : 1;
      sumEntries(x, rowBytes, values, order, columns, start, stop, scale, to);
      continue;
    }
    memory.fill(totals, 0, channels << 3);
    for (let entry = start; entry < stop; entry += longestSum) {
      sumEntries(x, rowBytes, values, order, columns, entry, min(entry + longestSum, stop), 1, to);
      addToTotals(to, totals, channels);
    }
    roundTotals(totals, isMean ? ((stop - start) as f64) : 1, to, channels);
  }
}

// Up to 32 channels at a time stay in registers.
function sumEntries(
  x: usize,
  rowBytes: usize,
  values: usize,
  order: usize,
  columns: usize,
  start: usize,
  stop: usize,
  scale: f32,
  to: usize,
): void {
  let byte: usize = 0;
  for (; byte + 128 <= rowBytes; byte += 128) {
    sum32(x + byte, rowBytes, values, order, columns, start, stop, scale, to + byte);
  }
  for (; byte + 16 <= rowBytes; byte += 16) {
    sum4(x + byte, rowBytes, values, order, columns, start, stop, scale, to + byte);
  }
  for (; byte < rowBytes; byte += 4) {
    let sum: f32 = 0;
    for (let entry = start; entry < stop; entry++) {
      sum += valueOf(values, order, entry) * load<f32>(rowOf(x + byte, columns, entry, rowBytes));
    }
    store<f32>(to + byte, sum * scale);
  }
}

function sum32(
  x: usize,
  rowBytes: usize,
  values: usize,
  order: usize,
  columns: usize,
  start: usize,
  stop: usize,
  scale: f32,
  to: usize,
): void {
  let sum0 = f32x4.splat(0);
  let sum1 = sum0;
  let sum2 = sum0;
  let sum3 = sum0;
  let sum4 = sum0;
  let sum5 = sum0;
  let sum6 = sum0;
  let sum7 = sum0;
  for (let entry = start; entry < stop; entry++) {
    const from = rowOf(x, columns, entry, rowBytes);
    const value = f32x4.splat(valueOf(values, order, entry));
    sum0 = madd(v128.load(from), value, sum0);
    sum1 = madd(v128.load(from, 16), value, sum1);
    sum2 = madd(v128.load(from, 32), value, sum2);
    sum3 = madd(v128.load(from, 48), value, sum3);
    sum4 = madd(v128.load(from, 64), value, sum4);
    sum5 = madd(v128.load(from, 80), value, sum5);
    sum6 = madd(v128.load(from, 96), value, sum6);
    sum7 = madd(v128.load(from, 112), value, sum7);
  }
  const scale4 = f32x4.splat(scale);
  v128.store(to, f32x4.mul(sum0, scale4));
  v128.store(to, f32x4.mul(sum1, scale4), 16);
  v128.store(to, f32x4.mul(sum2, scale4), 32);
  v128.store(to, f32x4.mul(sum3, scale4), 48);
  v128.store(to, f32x4.mul(sum4, scale4), 64);
  v128.store(to, f32x4.mul(sum5, scale4), 80);
  v128.store(to, f32x4.mul(sum6, scale4), 96);
  v128.store(to, f32x4.mul(sum7, scale4), 112);
}

function sum4(
  x: usize,
  rowBytes: usize,
  values: usize,
  order: usize,
  columns: usize,
  start: usize,
  stop: usize,
  scale: f32,
  to: usize,
): void {
  let sum = f32x4.splat(0);
  for (let entry = start; entry < stop; entry++) {
    const value = f32x4.splat(valueOf(values, order, entry));
    sum = madd(v128.load(rowOf(x, columns, entry, rowBytes)), value, sum);
  }
  v128.store(to, f32x4.mul(sum, f32x4.splat(scale)));
}
