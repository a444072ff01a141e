// Sets of sites as ascending keys that end with a sentinel.

/**
 * The keys that either list has.
 *
 * @param first   u64[firstCount + 1], ascending, then a value above all keys
 * @param second  u64[secondCount + 1] with the same last value
 * @param merged  u64[firstCount + secondCount]
 * @returns the number of keys
 */
export function mergeKeys(
  first: usize,
  firstCount: usize,
  second: usize,
  secondCount: usize,
  merged: usize,
): usize {
  const firstEnd = first + (firstCount << 3);
  const secondEnd = second + (secondCount << 3);
  let count: usize = 0;
  while (first < firstEnd || second < secondEnd) {
    const ofFirst = load<u64>(first);
    const ofSecond = load<u64>(second);
    store<u64>(merged + (count << 3), min(ofFirst, ofSecond));
    first += ((ofFirst <= ofSecond) as usize) << 3;
    second += ((ofSecond <= ofFirst) as usize) << 3;
    count++;
  }
  return count;
}

/**
 * Where the keys of two lists are equal.
 *
 * @param target      u64[targetCount], ascending
 * @param keys        u64[keyCount + 1], ascending, then a value above all keys
 * @param sites       i32[targetCount] place of each target in keys, or -1
 * @param targetRows  i32[keyCount] place of each key in target; unchanged where it has none
 */
export function matchKeys(target: usize, targetCount: usize, keys: usize, sites: usize, targetRows: usize): void {
  let site: usize = 0;
  for (let row: usize = 0; row < targetCount; row++) {
    const key = load<u64>(target + (row << 3));
    while (load<u64>(keys + (site << 3)) < key) site++;
    const isEqual = load<u64>(keys + (site << 3)) == key;
    store<i32>(sites + (row << 2), isEqual ? (site as i32) : -1);
    if (isEqual) store<i32>(targetRows + (site << 2), row as i32);
  }
}

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

/**
 * The cell of every site in a grid that holds all of them, row-major over all clouds.
 *
 * @param rows   i32[count, rowBytes / 4], batch first
 * @param axes   axisCount times {i32 column, i32 origin, i32 cells}, the slowest first
 * @param cells  i32[count]
 */
export function cellsOfSites(
  rows: usize,
  rowBytes: usize,
  count: usize,
  axes: usize,
  axisCount: usize,
  cells: usize,
): void {
  const axesEnd = axes + axisCount * 12;
  for (let site: usize = 0; site < count; site++) {
    let cell = load<i32>(rows);
    for (let axis = axes; axis < axesEnd; axis += 12) {
      const coordinate = load<i32>(rows + ((load<i32>(axis) as usize) << 2));
      cell = cell * load<i32>(axis, 8) + coordinate - load<i32>(axis, 4);
    }
    store<i32>(cells + (site << 2), cell);
    rows += rowBytes;
  }
}

/**
 * The sites inside a box.
 *
 * @param rows    i32[count, columns]
 * @param bounds  {i32 least, i32 greatest} per column
 * @param sites   i32[count + 1]: the sites, ascending
 * @returns the number of sites
 */
export function listSitesInside(rows: usize, count: usize, columns: usize, bounds: usize, sites: usize): usize {
  let listed: usize = 0;
  for (let site: usize = 0; site < count; site++) {
    let isInside = true;
    for (let column: usize = 0; column < columns; column++) {
      const value = load<i32>(rows + (column << 2));
      const range = bounds + (column << 3);
      isInside = isInside && value >= load<i32>(range) && value <= load<i32>(range, 4);
    }
    store<i32>(sites + (listed << 2), site as i32); // outside: overwritten by the next
    listed += isInside as usize;
    rows += columns << 2;
  }
  return listed;
}

/**
 * Rows by their numbers.
 *
 * @param rows   i32[rows, columns]
 * @param kept   i32[count]
 * @param taken  i32[count, columns]
 */
export function takeRows(rows: usize, columns: usize, kept: usize, count: usize, taken: usize): void {
  for (let i: usize = 0; i < count; i++) {
    const row = rows + (load<i32>(kept + (i << 2)) as usize) * (columns << 2);
    for (let column: usize = 0; column < columns; column++) {
      store<i32>(taken + (column << 2), load<i32>(row + (column << 2)));
    }
    taken += columns << 2;
  }
}
