import { addEntries } from '@tfjs-sparse/core/src/assembly/add-entries.as';
import { moveToTotals, roundTotals } from '@tfjs-sparse/core/src/assembly/long-sums.as';
import { endOfRow, featureOf, startOfRow } from './entries.as';

/** Bytes of the entries that a float32 sum adds before it goes to float64: 64 of them. */
const entryBytesPerSum: usize = 512;

/**
 * Orders the entries by feature, those of a feature by row.
 *
 * @param values f32[entries]  @param indices i32[entries]  @param k see sparseDecode
 * @param starts u32[features + 2]: where the entries of each feature begin, and behind the last one's
 * @param ordered {u32 byte offset of the row of x, f32 value}[entries]
 */
export function orderByFeature(
  values: usize,
  indices: usize,
  starts: usize,
  ordered: usize,
  rows: usize,
  features: usize,
  width: usize,
  entries: usize,
  k: usize,
): void {
  memory.fill(starts, 0, (features + 2) << 2);
  for (let row: usize = 0; row < rows; row++) {
    const stop = endOfRow(indices, entries, row, features, k);
    for (let entry = startOfRow(indices, entries, row, features, k); entry < stop; entry++) {
      const feature = featureOf(indices, entry, row, features, k);
      if (feature < 0) continue;
      const count = starts + ((feature as usize) << 2);
      store<u32>(count, load<u32>(count, 8) + 1, 8);
    }
  }
  let sum: u32 = 0;
  for (let feature: usize = 0; feature <= features + 1; feature++) {
    sum += load<u32>(starts + (feature << 2));
    store<u32>(starts + (feature << 2), sum);
  }
  // The start of a feature stands one place behind its own until its entries have moved it there.
  for (let row: usize = 0; row < rows; row++) {
    const stop = endOfRow(indices, entries, row, features, k);
    for (let entry = startOfRow(indices, entries, row, features, k); entry < stop; entry++) {
      const feature = featureOf(indices, entry, row, features, k);
      if (feature < 0) continue;
      const next = starts + ((feature as usize) << 2);
      const place = load<u32>(next, 4);
      store<u32>(next, place + 1, 4);
      const to = ordered + ((place as usize) << 3);
      store<u32>(to, (row * (width << 2)) as u32);
      store<f32>(to, load<f32>(values + (entry << 2)), 4);
    }
  }
}

/**
 * gradient[feature] = sum of value * x[row] over its entries.
 *
 * @param first @param end items of featuresOfItem features  @param thread whose totals to use
 * @param starts @param ordered of orderByFeature  @param x f32[rows, width]  @param gradient f32[features, width]
 * @param totals f64[threads, width] scratch
 */
export function dictionaryGradient(
  first: usize,
  end: usize,
  thread: usize,
  starts: usize,
  ordered: usize,
  x: usize,
  gradient: usize,
  totals: usize,
  features: usize,
  width: usize,
  featuresOfItem: usize,
): void {
  const rowBytes = width << 2;
  totals += thread * (rowBytes << 1);
  const endFeature = min(end * featuresOfItem, features);
  for (let feature = first * featuresOfItem; feature < endFeature; feature++) {
    const row = gradient + feature * rowBytes;
    memory.fill(row, 0, rowBytes);
    let entry = ordered + ((load<u32>(starts + (feature << 2)) as usize) << 3);
    const stop = ordered + ((load<u32>(starts + (feature << 2), 4) as usize) << 3);
    if (stop - entry <= entryBytesPerSum) {
      addEntries(entry, stop, usize.MAX_VALUE, x, row, rowBytes);
      continue;
    }
    memory.fill(totals, 0, rowBytes << 1);
    for (; entry < stop; entry += entryBytesPerSum) {
      addEntries(entry, min(entry + entryBytesPerSum, stop), usize.MAX_VALUE, x, row, rowBytes);
      moveToTotals(row, totals, width);
    }
    roundTotals(totals, 1, row, width);
  }
}

/**
 * sums[feature] = the sum of the values of its entries.
 *
 * @param values f32[entries]  @param indices i32[entries]  @param k see sparseDecode
 * @param totals f64[features] scratch  @param sums f32[features]
 */
export function featureSums(
  values: usize,
  indices: usize,
  totals: usize,
  sums: usize,
  rows: usize,
  features: usize,
  entries: usize,
  k: usize,
): void {
  memory.fill(totals, 0, features << 3);
  for (let row: usize = 0; row < rows; row++) {
    const stop = endOfRow(indices, entries, row, features, k);
    for (let entry = startOfRow(indices, entries, row, features, k); entry < stop; entry++) {
      const feature = featureOf(indices, entry, row, features, k);
      if (feature < 0) continue;
      const total = totals + ((feature as usize) << 3);
      store<f64>(total, load<f64>(total) + (load<f32>(values + (entry << 2)) as f64));
    }
  }
  roundTotals(totals, 1, sums, features);
}
