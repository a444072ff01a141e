import { addEntries } from '@tfjs-sparse/core/src/assembly/add-entries.as';
import { endOfRow, featureOf, startOfRow } from './entries.as';

/**
 * y[row] = bias + sum of value * dictionary[feature] over the entries of the row, in their order.
 *
 * @param first @param end items of rowsOfItem rows  @param thread whose list to use
 * @param values f32[entries]  @param indices i32[entries]  @param dictionary f32[features, width]
 * @param bias f32[width], or 0  @param y f32[rows, width]
 * @param lists {u32, f32}[threads, entries of the longest row] scratch
 * @param k entries of every row, or 0: indices of the flattened rows, ascending
 */
export function sparseDecode(
  first: usize,
  end: usize,
  thread: usize,
  values: usize,
  indices: usize,
  dictionary: usize,
  bias: usize,
  y: usize,
  lists: usize,
  listBytes: usize,
  rows: usize,
  features: usize,
  width: usize,
  entries: usize,
  k: usize,
  rowsOfItem: usize,
): void {
  const list = lists + thread * listBytes;
  const rowBytes = width << 2;
  const endRow = min(end * rowsOfItem, rows);
  for (let row = first * rowsOfItem; row < endRow; row++) {
    let to = list;
    const stop = endOfRow(indices, entries, row, features, k);
    for (let entry = startOfRow(indices, entries, row, features, k); entry < stop; entry++) {
      const feature = featureOf(indices, entry, row, features, k);
      if (feature < 0) continue;
      store<u32>(to, ((feature as usize) * rowBytes) as u32);
      store<f32>(to, load<f32>(values + (entry << 2)), 4);
      to += 8;
    }
    const toRow = y + row * rowBytes;
    if (bias != 0) memory.copy(toRow, bias, rowBytes);
    else memory.fill(toRow, 0, rowBytes);
    addEntries(list, to, usize.MAX_VALUE, dictionary, toRow, rowBytes);
  }
}
