// The site at a cell: a binary search among the keys with the same highest bits.

/**
 * Keys of cells that may lie anywhere.
 *
 * @param rows     i32[count, columns], batch first
 * @param bounds   {i32 least, i32 greatest} per column; cells outside get u64.MAX_VALUE
 * @param weights  i64[6]: bias, then one weight per column
 * @param keys     u64[count]
 */
export function keysOfCells(
  rows: usize,
  count: usize,
  columns: usize,
  bounds: usize,
  weights: usize,
  keys: usize,
): void {
  const bias = load<i64>(weights);
  for (let cell: usize = 0; cell < count; cell++) {
    let key = bias;
    let isInside = true;
    for (let column: usize = 0; column < columns; column++) {
      const value = load<i32>(rows + (column << 2));
      const range = bounds + (column << 3);
      isInside = isInside && value >= load<i32>(range) && value <= load<i32>(range, 4);
      key += load<i64>(weights + (column << 3), 8) * (value as i64);
    }
    store<u64>(keys + (cell << 3), isInside ? (key as u64) : u64.MAX_VALUE);
    rows += columns << 2;
  }
}

/**
 * Where the keys with each value of the highest bits start, which makes the search for a key short.
 *
 * @param siteKeys  u64[siteCount], ascending
 * @param shift     bits of a key below the highest
 * @param starts    i32[startCount + 1], for the values 0..startCount
 */
export function startKeys(siteKeys: usize, siteCount: usize, shift: i32, startCount: usize, starts: usize): void {
  let site: usize = 0;
  for (let value: usize = 0; value <= startCount; value++) {
    while (site < siteCount && (load<u64>(siteKeys + (site << 3)) >> (shift as u64)) < (value as u64)) site++;
    store<i32>(starts + (value << 2), site as i32);
  }
}

/**
 * The site of every key.
 *
 * @param keys      u64[keyCount]; u64.MAX_VALUE is the key of no site
 * @param siteKeys  u64[siteCount], ascending
 * @param starts    as `startKeys` writes them for `shift`
 * @param sites     i32[keyCount]: the site, or -1
 */
export function findKeys(keys: usize, keyCount: usize, siteKeys: usize, shift: i32, starts: usize, sites: usize): void {
  for (let i: usize = 0; i < keyCount; i++) {
    const key = load<u64>(keys + (i << 3));
    store<i32>(sites + (i << 2), key == u64.MAX_VALUE ? -1 : findKey(key, siteKeys, shift, starts));
  }
}

@inline
function findKey(key: u64, siteKeys: usize, shift: i32, starts: usize): i32 {
  const range = starts + (((key >> (shift as u64)) as usize) << 2);
  let first = load<u32>(range) as usize;
  let length = (load<u32>(range, 4) as usize) - first;
  if (length == 0) return -1;
  while (length > 1) {
    const half = length >> 1;
    first += load<u64>(siteKeys + ((first + half) << 3)) <= key ? half : 0;
    length -= half;
  }
  return load<u64>(siteKeys + (first << 3)) == key ? (first as i32) : -1;
}
