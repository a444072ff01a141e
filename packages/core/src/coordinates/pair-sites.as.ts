// The second step of the search for pairs: the sites of paired rows (see pair-rows.as.ts), merged tap by tap.

/**
 * Pairs of sites of paired rows at any number of taps of the last axis, `dilation` apart.
 *
 * @param queries      u64[queries + 1] ascending, the last one greater than all
 * @param queryStarts  i32[rows + 1]
 * @param keys         u64[keys + 1] ascending, the last one greater than all
 * @param keyStarts    i32[rows + 1]
 * @param keyRows      i32[rowPairs]
 * @param queryRows    i32[rowPairs]
 * @param step         what the first tap adds to a query
 * @param capacity     entries of one list, more than the number of queries
 * @param lists        i32[taps, 2, capacity]: per tap the indices of the keys, then of the queries, both ascending
 * @param counts       i32[taps] pairs of each tap
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
