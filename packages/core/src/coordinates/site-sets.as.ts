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
