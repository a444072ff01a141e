// The second step of the search for pairs: the sites of paired rows (see pair-rows.as.ts), merged tap by tap.

/**
 * Pairs of sites of paired rows at three neighbouring taps of the last axis.
 *
 * @param queries      u64[queries + 1] ascending, the last one greater than all
 * @param queryStarts  i32[rows + 1]
 * @param keys         u64[keys + 1] ascending, the last one greater than all
 * @param keyStarts    i32[rows + 1]
 * @param keyRows      i32[rowPairs]
 * @param queryRows    i32[rowPairs]
 * @param step         what the first tap adds to a query
 * @param capacity     entries of one list, more than the number of queries
 * @param lists        i32[3, 2, capacity]: per tap the indices of the keys, then of the queries, both ascending
 * @param counts       i32[3] pairs of each tap
 */
export function pairSitesAtThreeTaps(
  queries: usize,
  queryStarts: usize,
  keys: usize,
  keyStarts: usize,
  keyRows: usize,
  queryRows: usize,
  rowPairs: usize,
  step: i64,
  capacity: usize,
  lists: usize,
  counts: usize,
): void {
  const listBytes = capacity << 2;
  let first = lists;
  let second = lists + 2 * listBytes;
  let third = lists + 4 * listBytes;
  for (let rowPair: usize = 0; rowPair < rowPairs; rowPair++) {
    const queryRow = queryStarts + ((load<u32>(queryRows + (rowPair << 2)) as usize) << 2);
    const keyRow = keyStarts + ((load<u32>(keyRows + (rowPair << 2)) as usize) << 2);
    const queryEnd = load<u32>(queryRow, 4) as usize;
    const keyEnd = load<u32>(keyRow, 4) as usize;
    let query = load<u32>(queryRow) as usize;
    let key = load<u32>(keyRow) as usize;
    // Most rows of a LiDAR frame hold one site: no loop, and no branch on where its neighbour is.
    if (queryEnd - query == 1 && keyEnd - key == 1) {
      const tap = load<u64>(keys + (key << 3)) - load<u64>(queries + (query << 3)) - step;
      store<i32>(first, key as i32);
      store<i32>(first + listBytes, query as i32);
      first += ((tap == 0) as usize) << 2;
      store<i32>(second, key as i32);
      store<i32>(second + listBytes, query as i32);
      second += ((tap == 1) as usize) << 2;
      store<i32>(third, key as i32);
      store<i32>(third + listBytes, query as i32);
      third += ((tap == 2) as usize) << 2;
      continue;
    }
    for (; query < queryEnd; query++) {
      const target = load<u64>(queries + (query << 3)) + step;
      while (load<u64>(keys + (key << 3)) < target) key++;
      // A key that is found moves the look-up to the next key; pairs that are not found are overwritten.
      let next = key;
      let isFound = (load<u64>(keys + (next << 3)) == target) as usize;
      store<i32>(first, next as i32);
      store<i32>(first + listBytes, query as i32);
      first += isFound << 2;
      next += isFound;
      isFound = (load<u64>(keys + (next << 3)) == target + 1) as usize;
      store<i32>(second, next as i32);
      store<i32>(second + listBytes, query as i32);
      second += isFound << 2;
      next += isFound;
      isFound = (load<u64>(keys + (next << 3)) == target + 2) as usize;
      store<i32>(third, next as i32);
      store<i32>(third + listBytes, query as i32);
      third += isFound << 2;
    }
  }
  store<i32>(counts, ((first - lists) >> 2) as i32);
  store<i32>(counts, ((second - lists - 2 * listBytes) >> 2) as i32, 4);
  store<i32>(counts, ((third - lists - 4 * listBytes) >> 2) as i32, 8);
}

/**
 * Pairs of sites of paired rows at any number of taps of the last axis, `dilation` apart. Other parameters as
 * pairSitesAtThreeTaps.
 *
 * @param lists   i32[taps, 2, capacity]
 * @param counts  i32[taps]
 */
export function pairSitesAtTaps(
  queries: usize,
  queryStarts: usize,
  keys: usize,
  keyStarts: usize,
  keyRows: usize,
  queryRows: usize,
  rowPairs: usize,
  step: i64,
  capacity: usize,
  lists: usize,
  counts: usize,
  taps: usize,
  dilation: i32,
): void {
  const listBytes = capacity << 2;
  memory.fill(counts, 0, taps << 2);
  for (let rowPair: usize = 0; rowPair < rowPairs; rowPair++) {
    const queryRow = queryStarts + ((load<u32>(queryRows + (rowPair << 2)) as usize) << 2);
    const queryEnd = load<u32>(queryRow, 4) as usize;
    let key = load<u32>(keyStarts + ((load<u32>(keyRows + (rowPair << 2)) as usize) << 2)) as usize;
    for (let query = load<u32>(queryRow) as usize; query < queryEnd; query++) {
      let target = load<u64>(queries + (query << 3)) + step;
      while (load<u64>(keys + (key << 3)) < target) key++;
      let next = key;
      let list = lists;
      for (let tap: usize = 0; tap < taps; tap++) {
        while (load<u64>(keys + (next << 3)) < target) next++;
        const count = load<u32>(counts + (tap << 2)) as usize;
        store<i32>(list + (count << 2), next as i32);
        store<i32>(list + (count << 2) + listBytes, query as i32);
        store<i32>(counts + (tap << 2), (count + ((load<u64>(keys + (next << 3)) == target) as usize)) as i32);
        target += dilation as u64;
        list += 2 * listBytes;
      }
    }
  }
}

/**
 * Pairs of keys that follow each other without a gap: neighbours at +1 on the last axis.
 *
 * @param keys     u64[keys + 1] ascending, the last one greater than every key + 1
 * @param nexts    i32[keys] index of the greater key
 * @param firsts   i32[keys] index of the lesser key
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
