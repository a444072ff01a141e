// Neighbours without a hash. Sorted sites fall into rows (all columns but the last axis) and slabs (all but the last
// two). Offsets with the same slab step pair whole rows through a table of one slab, which stays in the first-level
// cache; the sites of paired rows are then merged.

/**
 * Rows and slabs of sorted keys.
 *
 * @param keys        u64[keys]
 * @param lastBits    bits of the last axis
 * @param cellBits    bits of the axis before it (0 when there is none)
 * @param rowCells    i32[keys] position of each row in its slab: its field of the axis before the last
 * @param rowStarts   i32[keys + 1] first key of each row
 * @param slabKeys    u64[keys + 1]; the last one becomes greater than all
 * @param slabStarts  i32[keys + 1] first row of each slab
 * @param counts      i32[2] rows, slabs
 */
export function listRows(
  keys: usize,
  keyCount: usize,
  lastBits: i32,
  cellBits: i32,
  rowCells: usize,
  rowStarts: usize,
  slabKeys: usize,
  slabStarts: usize,
  counts: usize,
): void {
  const cellMask = (1 << cellBits) - 1;
  let row: usize = -1;
  let slab: usize = -1;
  let lastRowKey: u64 = u64.MAX_VALUE;
  let lastSlabKey: u64 = u64.MAX_VALUE;
  store<i32>(rowStarts, 0);
  store<i32>(slabStarts, 0);
  for (let key: usize = 0; key < keyCount; key++) {
    const rowKey = load<u64>(keys + (key << 3)) >> (lastBits as u64);
    const slabKey = rowKey >> (cellBits as u64);
    row += (rowKey != lastRowKey) as usize;
    slab += (slabKey != lastSlabKey) as usize;
    lastRowKey = rowKey;
    lastSlabKey = slabKey;
    store<i32>(rowCells + (row << 2), (rowKey as i32) & cellMask);
    store<i32>(rowStarts + (row << 2), (key + 1) as i32, 4);
    store<u64>(slabKeys + (slab << 3), slabKey);
    store<i32>(slabStarts + (slab << 2), (row + 1) as i32, 4);
  }
  store<u64>(slabKeys + ((slab + 1) << 3), i64.MAX_VALUE);
  store<i32>(counts, (row + 1) as i32);
  store<i32>(counts, (slab + 1) as i32, 4);
}

/**
 * Pairs of rows, tap by tap: key row = query row moved by the slab step and by the tap on the axis before the last.
 *
 * @param queries     record of one side: u32[4] pointers of slabKeys, slabStarts, rowCells and the number of slabs
 * @param keys        record of the other side
 * @param slabStep    what is added to the slab key of a query
 * @param firstCell   what the first tap adds to the cell of a query
 * @param table       i32[1 << cellBits], 0 or what an earlier call with the same keys left
 * @param capacity    entries of one list, more than the number of query rows
 * @param lists       i32[taps, 2, capacity]: per tap the key rows, then the query rows, both ascending
 * @param counts      i32[taps] pairs of each tap
 */
export function pairRows(
  queries: usize,
  keys: usize,
  slabStep: i64,
  firstCell: i32,
  taps: usize,
  dilation: i32,
  table: usize,
  capacity: usize,
  lists: usize,
  counts: usize,
): void {
  const querySlabs = load<u32>(queries) as usize;
  const queryStarts = load<u32>(queries, 4) as usize;
  const queryCells = load<u32>(queries, 8) as usize;
  const querySlabCount = load<u32>(queries, 12) as usize;
  const keySlabs = load<u32>(keys) as usize;
  const keyStarts = load<u32>(keys, 4) as usize;
  const keyCells = load<u32>(keys, 8) as usize;
  const listBytes = capacity << 2;
  memory.fill(counts, 0, taps << 2);
  let keySlab: usize = 0;
  for (let querySlab: usize = 0; querySlab < querySlabCount; querySlab++) {
    const target = load<u64>(querySlabs + (querySlab << 3)) + slabStep;
    while (load<u64>(keySlabs + (keySlab << 3)) < target) keySlab++;
    if (load<u64>(keySlabs + (keySlab << 3)) != target) continue;
    const firstKeyRow = load<u32>(keyStarts + (keySlab << 2)) as usize;
    const keyRowEnd = load<u32>(keyStarts + (keySlab << 2), 4) as usize;
    const firstQueryRow = load<u32>(queryStarts + (querySlab << 2)) as usize;
    const queryRowEnd = load<u32>(queryStarts + (querySlab << 2), 4) as usize;
    for (let row = firstKeyRow; row < keyRowEnd; row++) {
      store<u32>(table + ((load<u32>(keyCells + (row << 2)) as usize) << 2), (row + 1) as u32);
    }
    for (let tap: usize = 0; tap < taps; tap++) {
      const step = firstCell + (tap as i32) * dilation;
      const list = lists + 2 * tap * listBytes;
      let pair = list + ((load<u32>(counts + (tap << 2)) as usize) << 2);
      for (let row = firstQueryRow; row < queryRowEnd; row++) {
        const cell = load<i32>(queryCells + (row << 2)) + step;
        const found = (load<u32>(table + ((cell as usize) << 2)) as usize) - 1;
        store<u32>(pair, found as u32);
        store<u32>(pair + listBytes, row as u32);
        pair += ((found - firstKeyRow < keyRowEnd - firstKeyRow) as usize) << 2; // else 0 or a row of another slab
      }
      store<i32>(counts + (tap << 2), ((pair - list) >> 2) as i32);
    }
  }
}
