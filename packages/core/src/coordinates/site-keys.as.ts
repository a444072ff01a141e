// Sites as 64-bit keys: one bit field per column, batch highest, last axis lowest (see key-space.ts).

/** Weights stay in registers: behind a store the compiler must load them again. */
@inline
function keyOfRow(row: usize, bias: i64, batch: i64, first: i64, second: i64, third: i64, fourth: i64): u64 {
  return (
    bias +
    batch * (load<i32>(row) as i64) +
    first * (load<i32>(row, 4) as i64) +
    second * (load<i32>(row, 8) as i64) +
    third * (load<i32>(row, 12) as i64) +
    fourth * (load<i32>(row, 16) as i64)
  );
}

/**
 * @param rows     i32[rows, rowBytes / 4], readable up to 16 bytes behind the end
 * @param weights  i64[6]: bias, then one weight per column; 0 for columns behind the rank
 * @param keys     u64[rows + 1]; the last one becomes greater than every key
 */
export function keysOfRows(rows: usize, rowCount: usize, rowBytes: usize, weights: usize, keys: usize): void {
  const bias = load<i64>(weights);
  const batch = load<i64>(weights, 8);
  const first = load<i64>(weights, 16);
  const second = load<i64>(weights, 24);
  const third = load<i64>(weights, 32);
  const fourth = load<i64>(weights, 40);
  for (let row: usize = 0; row < rowCount; row++) {
    store<u64>(keys, keyOfRow(rows, bias, batch, first, second, third, fourth));
    rows += rowBytes;
    keys += 8;
  }
  store<u64>(keys, i64.MAX_VALUE);
}

/**
 * Keys that carry the row they come from in their lowest bits: key << indexBits | row.
 *
 * @param rows     i32[rows, rowBytes / 4], readable up to 16 bytes behind the end
 * @param weights  i64[6]: bias, then one weight per column, both already shifted by indexBits
 * @param keys     u64[rows]
 */
export function indexedKeysOfRows(rows: usize, rowCount: usize, rowBytes: usize, weights: usize, keys: usize): void {
  const bias = load<i64>(weights);
  const batch = load<i64>(weights, 8);
  const first = load<i64>(weights, 16);
  const second = load<i64>(weights, 24);
  const third = load<i64>(weights, 32);
  const fourth = load<i64>(weights, 40);
  for (let row: usize = 0; row < rowCount; row++) {
    store<u64>(keys + (row << 3), keyOfRow(rows, bias + row, batch, first, second, third, fourth));
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
  const batchShift = load<i32>(fields) as u64;
  const batchLeast = load<i32>(fields, 8);
  const shift1 = load<i32>(fields, 12) as u64;
  const mask1 = load<i32>(fields, 16);
  const least1 = load<i32>(fields, 20);
  const shift2 = load<i32>(fields, 24) as u64;
  const mask2 = load<i32>(fields, 28);
  const least2 = load<i32>(fields, 32);
  const shift3 = load<i32>(fields, 36) as u64;
  const mask3 = load<i32>(fields, 40);
  const least3 = load<i32>(fields, 44);
  const mask4 = load<i32>(fields, 52);
  const least4 = load<i32>(fields, 56);
  for (let site: usize = 0; site < siteCount; site++) {
    const key = load<u64>(keys);
    // Columns behind the rank spill into the next row, which is written later.
    store<i32>(rows, ((key >> batchShift) as i32) + batchLeast);
    store<i32>(rows, (((key >> shift1) as i32) & mask1) + least1, 4);
    store<i32>(rows, (((key >> shift2) as i32) & mask2) + least2, 8);
    store<i32>(rows, (((key >> shift3) as i32) & mask3) + least3, 12);
    store<i32>(rows, ((key as i32) & mask4) + least4, 16);
    keys += 8;
    rows += rowBytes;
  }
}
