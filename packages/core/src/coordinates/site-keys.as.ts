// Sites as 64-bit keys: one bit field per column, batch highest, last axis lowest (see key-space.ts).

/** bias + sum of weight * column; the weights of columns behind the rank are 0. */
@inline
function keyOfRow(row: usize, weights: usize): u64 {
  return (
    load<i64>(weights) +
    load<i64>(weights, 8) * (load<i32>(row) as i64) +
    load<i64>(weights, 16) * (load<i32>(row, 4) as i64) +
    load<i64>(weights, 24) * (load<i32>(row, 8) as i64) +
    load<i64>(weights, 32) * (load<i32>(row, 12) as i64) +
    load<i64>(weights, 40) * (load<i32>(row, 16) as i64)
  );
}

/**
 * @param rows     i32[rows, rowBytes / 4], readable up to 16 bytes behind the end
 * @param weights  i64[6]: bias, then one weight per column
 * @param keys     u64[rows + 1]; the last one becomes greater than every key
 */
export function keysOfRows(rows: usize, rowCount: usize, rowBytes: usize, weights: usize, keys: usize): void {
  for (let row: usize = 0; row < rowCount; row++) {
    store<u64>(keys, keyOfRow(rows, weights));
    rows += rowBytes;
    keys += 8;
  }
  store<u64>(keys, i64.MAX_VALUE);
}

/**
 * Keys that carry the row they come from in their lowest bits: key << indexBits | row.
 *
 * @param rows     i32[rows, rowBytes / 4], readable up to 16 bytes behind the end
 * @param weights  i64[6]: bias, then one weight per column
 * @param keys     u64[rows]
 */
export function indexedKeysOfRows(
  rows: usize,
  rowCount: usize,
  rowBytes: usize,
  weights: usize,
  indexBits: i32,
  keys: usize,
): void {
  for (let row: usize = 0; row < rowCount; row++) {
    store<u64>(keys + (row << 3), (keyOfRow(rows, weights) << (indexBits as u64)) | row);
    rows += rowBytes;
  }
}

/**
 * The coordinates of keys.
 *
 * @param keys    u64[sites]
 * @param fields  five times {i32 shift, i32 mask, i32 minimum}, one per column; columns behind the rank have mask 0
 * @param rows    i32[sites, rowBytes / 4], writable up to 16 bytes behind the end
 */
export function rowsOfKeys(keys: usize, siteCount: usize, fields: usize, rows: usize, rowBytes: usize): void {
  for (let site: usize = 0; site < siteCount; site++) {
    const key = load<u64>(keys);
    // Columns behind the rank spill into the next row, which is written later.
    store<i32>(rows, column(key, fields));
    store<i32>(rows, column(key, fields + 12), 4);
    store<i32>(rows, column(key, fields + 24), 8);
    store<i32>(rows, column(key, fields + 36), 12);
    store<i32>(rows, column(key, fields + 48), 16);
    keys += 8;
    rows += rowBytes;
  }
}

@inline
function column(key: u64, field: usize): i32 {
  return ((key >> (load<i32>(field) as u64)) as i32 & load<i32>(field, 4)) + load<i32>(field, 8);
}
