// Neighbours without a hash. Sorted keys fall into blocks of 32 neighbouring keys, each with a mask of those that are
// sites, and blocks into slabs (all columns but the last two axes). A window of three taps of the last axis is then
// three bits of one mask, found through a table of one slab, and the number of a site is the number of bits below its
// own.
//
// Record of a block: u64 mask, i32 first key at or behind its start, i32 position in its slab. Block 0 is empty.
// Record of a side: u32[5] pointers of keys, blocks, slab keys, slab blocks, slab sites, and i32 the number of slabs.

/**
 * Blocks and slabs of keys. A mask also holds the two keys behind its block, so that no window lies in two masks.
 *
 * @param keys        u64[keys] ascending, at least one
 * @param cellBits    bits of the position of a block in its slab
 * @param blocks      record[2 keys + 1]
 * @param slabKeys    u64[slabs + 1]; the last one becomes greater than all
 * @param slabBlocks  i32[slabs + 1] first block of each slab
 * @param slabSites   i32[slabs + 1] first key of each slab
 * @returns the number of slabs
 */
export function listBlocks(
  keys: usize,
  keyCount: usize,
  cellBits: i32,
  blocks: usize,
  slabKeys: usize,
  slabBlocks: usize,
  slabSites: usize,
): usize {
  const cellMask = (1 << cellBits) - 1;
  let block = blocks;
  let blockKey: u64 = u64.MAX_VALUE;
  let slab: usize = -1;
  let slabKey: u64 = u64.MAX_VALUE;
  let mask: u64 = 0;
  let first: usize = 0;
  store<u64>(block, 0);
  for (let site: usize = 0; site < keyCount; ) {
    const key = load<u64>(keys + (site << 3));
    const bit = key & 31;
    let ofSite = key >> 5;
    let bits = (1 as u64) << bit;
    let isBorder: usize = 0;
    if (bit < 2 && ofSite != 0) {
      const border = bits << 32;
      if (ofSite == blockKey) {
        store<u64>(block - 16, load<u64>(block - 16) | border);
      } else if (ofSite - 1 == blockKey) {
        store<u64>(block, mask | border);
      } else {
        // A block of nothing but this border; the next turn has the same site.
        ofSite--;
        bits = border;
        isBorder = 1;
      }
    }
    const isNew = (ofSite != blockKey) as usize;
    block += isNew << 4;
    blockKey = ofSite;
    mask = (mask & ((isNew as u64) - 1)) | bits;
    first += (site - first) & (0 - isNew);
    store<u64>(block, mask);
    store<i32>(block, first as i32, 8);
    store<i32>(block, (blockKey as i32) & cellMask, 12);
    if (blockKey >> (cellBits as u64) != slabKey) {
      slab++;
      slabKey = blockKey >> (cellBits as u64);
      store<u64>(slabKeys + (slab << 3), slabKey);
      store<i32>(slabBlocks + (slab << 2), ((block - blocks) >> 4) as i32);
      store<i32>(slabSites + (slab << 2), site as i32);
    }
    site += 1 - isBorder;
  }
  slab++;
  store<u64>(slabKeys + (slab << 3), i64.MAX_VALUE);
  store<i32>(slabBlocks + (slab << 2), (((block - blocks) >> 4) + 1) as i32);
  store<i32>(slabSites + (slab << 2), keyCount as i32);
  return slab;
}

/**
 * Windows that hold a site, tap by tap of the axis before the last.
 *
 * @param queries   record of one side
 * @param sites     record of the other side
 * @param cellBits  bits of the position of a block in its slab
 * @param slabStep  what is added to the slab of a query
 * @param step      what is added to a query: first key of the window of the first tap
 * @param cellStep  bytes of the table that each further tap moves by
 * @param table     u32[1 << cellBits] pointers of block 0, which the end restores
 * @param capacity  entries of one list, more than the number of queries
 * @param windows   {u32 query, u32 pointer of the block}[taps, capacity], ascending by query
 * @param ends      u32[taps] where the windows of each tap end
 */
export function findWindows(
  queries: usize,
  sites: usize,
  cellBits: i32,
  slabStep: i64,
  step: u32,
  cellStep: usize,
  taps: usize,
  table: usize,
  capacity: usize,
  windows: usize,
  ends: usize,
): void {
  const queryKeys = load<u32>(queries) as usize;
  const querySlabs = load<u32>(queries, 8) as usize;
  const querySites = load<u32>(queries, 16) as usize;
  const querySlabCount = load<u32>(queries, 20) as usize;
  const noBlock = load<u32>(sites, 4) as usize;
  const slabs = load<u32>(sites, 8) as usize;
  const slabBlocks = load<u32>(sites, 12) as usize;
  const cellMask = (((1 << cellBits) - 1) << 2) as u32;
  for (let tap: usize = 0; tap < taps; tap++) {
    store<u32>(ends + (tap << 2), (windows + ((tap * capacity) << 3)) as u32);
  }
  let slab: usize = 0;
  for (let querySlab: usize = 0; querySlab < querySlabCount; querySlab++) {
    const firstQuery = load<u32>(querySites + (querySlab << 2)) as usize;
    const queryEnd = load<u32>(querySites + (querySlab << 2), 4) as usize;
    if (firstQuery == queryEnd) continue; // a slab of nothing but borders
    const target = load<u64>(querySlabs + (querySlab << 3)) + slabStep;
    while (load<u64>(slabs + (slab << 3)) < target) slab++;
    if (load<u64>(slabs + (slab << 3)) != target) continue;
    const firstBlock = noBlock + ((load<u32>(slabBlocks + (slab << 2)) as usize) << 4);
    const blockEnd = noBlock + ((load<u32>(slabBlocks + (slab << 2), 4) as usize) << 4);
    for (let block = firstBlock; block < blockEnd; block += 16) {
      store<u32>(table + ((load<u32>(block, 12) as usize) << 2), block as u32);
    }
    let end = ends;
    let first = table; // of the cells of the first tap, moved by the taps done
    let tap = taps;
    // Three at a time share the query.
    for (; tap >= 3; tap -= 3) {
      let window1 = load<u32>(end) as usize;
      let window2 = load<u32>(end, 4) as usize;
      let window3 = load<u32>(end, 8) as usize;
      for (let query = firstQuery; query < queryEnd; query++) {
        const position = load<u32>(queryKeys + (query << 3)) + step;
        const bits = (7 as u64) << (position & 31);
        const cell = first + ((position >> 3) & cellMask);
        window1 = listWindow(query, bits, cell, window1);
        window2 = listWindow(query, bits, cell + cellStep, window2);
        window3 = listWindow(query, bits, cell + 2 * cellStep, window3);
      }
      store<u32>(end, window1 as u32);
      store<u32>(end, window2 as u32, 4);
      store<u32>(end, window3 as u32, 8);
      end += 12;
      first += 3 * cellStep;
    }
    for (; tap > 0; tap--) {
      let window = load<u32>(end) as usize;
      for (let query = firstQuery; query < queryEnd; query++) {
        const position = load<u32>(queryKeys + (query << 3)) + step;
        window = listWindow(query, (7 as u64) << (position & 31), first + ((position >> 3) & cellMask), window);
      }
      store<u32>(end, window as u32);
      end += 4;
      first += cellStep;
    }
    for (let block = firstBlock; block < blockEnd; block += 16) {
      store<u32>(table + ((load<u32>(block, 12) as usize) << 2), noBlock as u32);
    }
  }
}

/** Writes a window, and moves behind it if it holds a site. */
@inline
function listWindow(query: usize, bits: u64, cell: usize, window: usize): usize {
  const block = load<u32>(cell) as usize;
  store<u32>(window, query as u32);
  store<u32>(window, block as u32, 4);
  return window + (((load<u64>(block) & bits) != 0) as usize << 3);
}

/**
 * Pairs of the windows of one tap.
 *
 * @param windows  {u32 query, u32 pointer of the block}[windowCount]
 * @param keys     u64[queries]
 * @param step     what is added to a query: first key of its window
 * @param lists    i32[3, 2, windowCount + 1]: per key of the window the sites, then the queries, both ascending
 * @param counts   i32[3]
 */
export function pairWindows(
  windows: usize,
  windowCount: usize,
  keys: usize,
  step: i32,
  lists: usize,
  counts: usize,
): void {
  const listBytes = (windowCount + 1) << 2;
  let first = lists;
  let second = lists + 2 * listBytes;
  let third = lists + 4 * listBytes;
  const end = windows + (windowCount << 3);
  for (; windows < end; windows += 8) {
    const query = load<u32>(windows) as usize;
    const block = load<u32>(windows, 4) as usize;
    const bit = ((load<u32>(keys + (query << 3)) + step) & 31) as u64;
    const mask = load<u64>(block);
    const bits = (mask >> bit) as usize;
    // Pairs of bits that are 0 are overwritten by the next.
    let site = load<i32>(block, 8) + (popcnt<u64>(mask & (((1 as u64) << bit) - 1)) as i32);
    store<i32>(first, site);
    store<i32>(first + listBytes, query as i32);
    first += (bits & 1) << 2;
    site += (bits & 1) as i32;
    store<i32>(second, site);
    store<i32>(second + listBytes, query as i32);
    second += (bits & 2) << 1;
    site += ((bits >> 1) & 1) as i32;
    store<i32>(third, site);
    store<i32>(third + listBytes, query as i32);
    third += bits & 4;
  }
  store<i32>(counts, ((first - lists) >> 2) as i32);
  store<i32>(counts, ((second - lists - 2 * listBytes) >> 2) as i32, 4);
  store<i32>(counts, ((third - lists - 4 * listBytes) >> 2) as i32, 8);
}
