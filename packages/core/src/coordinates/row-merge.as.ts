// Neighbours by merging sorted keys. Offsets that differ only on the last axis are one row: their neighbours lie in one
// window of consecutive keys, so one merge finds the windows and a second pass sorts their keys to the taps.

/**
 * Windows of two rows: every (query, key) such that key is the first one not below query + delta and less than `width`
 * above it. One merge step depends on the last one through memory, so two merges run in turns.
 *
 * @param queries    u64[queries + 1] ascending
 * @param queryEnd   end of the queries
 * @param keys       u64[keys + 1] ascending, the last one greater than every query
 * @param windowsOfFirst   u32[queries + 1, 2] pointers of query and key
 * @param windowsOfSecond  u32[queries + 1, 2]
 * @param windowEnds u32[2] ends of both lists
 */
export function findTwoRowWindows(
  queries: usize,
  queryEnd: usize,
  keys: usize,
  firstDelta: i64,
  secondDelta: i64,
  width: i32,
  windowsOfFirst: usize,
  windowsOfSecond: usize,
  windowEnds: usize,
): void {
  const reach = width as u64;
  let firstQuery = queries;
  let firstKey = keys;
  let firstWindow = windowsOfFirst;
  let firstTarget = load<u64>(firstQuery) + firstDelta;
  let firstFound = load<u64>(firstKey);
  let secondQuery = queries;
  let secondKey = keys;
  let secondWindow = windowsOfSecond;
  let secondTarget = load<u64>(secondQuery) + secondDelta;
  let secondFound = load<u64>(secondKey);
  // Either the key or the query moves on, without a branch: every second branch would be mispredicted.
  while (firstQuery < queryEnd && secondQuery < queryEnd) {
    const isFirstBelow = (firstFound < firstTarget) as usize;
    store<u32>(firstWindow, firstQuery as u32);
    store<u32>(firstWindow, firstKey as u32, 4);
    firstWindow += ((firstFound - firstTarget < reach) as usize) << 3;
    firstKey += isFirstBelow << 3;
    firstQuery += (isFirstBelow ^ 1) << 3;
    firstTarget = load<u64>(firstQuery) + firstDelta;
    firstFound = load<u64>(firstKey);

    const isSecondBelow = (secondFound < secondTarget) as usize;
    store<u32>(secondWindow, secondQuery as u32);
    store<u32>(secondWindow, secondKey as u32, 4);
    secondWindow += ((secondFound - secondTarget < reach) as usize) << 3;
    secondKey += isSecondBelow << 3;
    secondQuery += (isSecondBelow ^ 1) << 3;
    secondTarget = load<u64>(secondQuery) + secondDelta;
    secondFound = load<u64>(secondKey);
  }
  store<u32>(windowEnds, findRowWindows(firstQuery, queryEnd, firstKey, firstDelta, width, firstWindow) as u32);
  store<u32>(windowEnds, findRowWindows(secondQuery, queryEnd, secondKey, secondDelta, width, secondWindow) as u32, 4);
}

/**
 * Windows of one row, or the rest of them.
 *
 * @param query    first query of u64[queries + 1]
 * @param key      first key to look at of u64[keys + 1]
 * @param window   u32[queries + 1, 2] pointers of query and key
 * @returns the end of the windows
 */
export function findRowWindows(query: usize, queryEnd: usize, key: usize, delta: i64, width: i32, window: usize): usize {
  const reach = width as u64;
  while (query < queryEnd) {
    const target = load<u64>(query) + delta;
    const found = load<u64>(key);
    const isBelow = (found < target) as usize;
    store<u32>(window, query as u32);
    store<u32>(window, key as u32, 4);
    window += ((found - target < reach) as usize) << 3;
    key += isBelow << 3;
    query += (isBelow ^ 1) << 3;
  }
  return window;
}

/**
 * Sorts the keys of windows to three neighbouring taps.
 *
 * @param windows   u32[windows, 2] pointers of query and key
 * @param capacity  entries of one list, at least the number of windows
 * @param lists     i32[3, 2, capacity]: per tap the indices of the keys, then of the queries
 * @param counts    i32[3] pairs of each tap
 */
export function resolveThreeTaps(
  queries: usize,
  keys: usize,
  delta: i64,
  windows: usize,
  windowEnd: usize,
  capacity: usize,
  lists: usize,
  counts: usize,
): void {
  const listBytes = capacity << 2;
  let first = lists;
  let second = lists + 2 * listBytes;
  let third = lists + 4 * listBytes;
  for (; windows < windowEnd; windows += 8) {
    const query = load<u32>(windows) as usize;
    const queryIndex = ((query - queries) >> 3) as i32;
    const target = load<u64>(query) + delta;
    let key = load<u32>(windows, 4) as usize;
    let isHit = (load<u64>(key) == target) as usize;
    store<i32>(first, ((key - keys) >> 3) as i32);
    store<i32>(first + listBytes, queryIndex);
    first += isHit << 2;
    key += isHit << 3;
    isHit = (load<u64>(key) == target + 1) as usize;
    store<i32>(second, ((key - keys) >> 3) as i32);
    store<i32>(second + listBytes, queryIndex);
    second += isHit << 2;
    key += isHit << 3;
    isHit = (load<u64>(key) == target + 2) as usize;
    store<i32>(third, ((key - keys) >> 3) as i32);
    store<i32>(third + listBytes, queryIndex);
    third += isHit << 2;
  }
  store<i32>(counts, ((first - lists) >> 2) as i32);
  store<i32>(counts, ((second - lists - 2 * listBytes) >> 2) as i32, 4);
  store<i32>(counts, ((third - lists - 4 * listBytes) >> 2) as i32, 8);
}

/**
 * Sorts the keys of windows to any number of taps, `dilation` apart.
 *
 * @param windows   u32[windows, 2] pointers of query and key
 * @param capacity  entries of one list, at least the number of windows
 * @param lists     i32[taps, 2, capacity]: per tap the indices of the keys, then of the queries
 * @param counts    i32[taps] pairs of each tap
 */
export function resolveTaps(
  queries: usize,
  keys: usize,
  delta: i64,
  windows: usize,
  windowEnd: usize,
  taps: usize,
  dilation: i32,
  capacity: usize,
  lists: usize,
  counts: usize,
): void {
  const listBytes = capacity << 2;
  memory.fill(counts, 0, taps << 2);
  for (; windows < windowEnd; windows += 8) {
    const query = load<u32>(windows) as usize;
    let target = load<u64>(query) + delta;
    let key = load<u32>(windows, 4) as usize;
    let list = lists;
    for (let tap: usize = 0; tap < taps; tap++) {
      while (load<u64>(key) < target) key += 8;
      if (load<u64>(key) == target) {
        const count = load<i32>(counts + (tap << 2));
        const pair = list + ((count as usize) << 2);
        store<i32>(pair, ((key - keys) >> 3) as i32);
        store<i32>(pair + listBytes, ((query - queries) >> 3) as i32);
        store<i32>(counts + (tap << 2), count + 1);
      }
      target += dilation as u64;
      list += 2 * listBytes;
    }
  }
}

/**
 * Pairs of keys that follow each other without a gap: neighbours at +1 on the last axis.
 *
 * @param keys    u64[keys + 1] ascending, the last one greater than every key + 1
 * @param nexts   i32[keys] index of the greater key
 * @param firsts  i32[keys] index of the lesser key
 * @returns the number of pairs
 */
export function pairAdjacent(keys: usize, keyCount: usize, nexts: usize, firsts: usize): usize {
  let pairBytes: usize = 0;
  for (let key: usize = 0; key < keyCount; key++) {
    store<i32>(nexts + pairBytes, (key + 1) as i32);
    store<i32>(firsts + pairBytes, key as i32);
    pairBytes += ((load<u64>(keys, 8) == load<u64>(keys) + 1) as usize) << 2;
    keys += 8;
  }
  return pairBytes >> 2;
}
