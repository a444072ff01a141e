// Sortable keys of sites, summed from a table per column (see planned-keys.ts).

/**
 * Adds a digit of the values `first`, `first + 1`, … to the table of their column (see site-digits.ts).
 *
 * @param table     u64[count]
 * @param first     the first value, with the shift of its windows
 * @param least     of the digit
 * @param position  lowest bit of the digit in the key
 */
export function addDigits(
  table: usize,
  count: usize,
  first: i32,
  size: i32,
  isPlace: bool,
  least: i32,
  position: i32,
): void {
  let floor = first / size;
  let place = first - floor * size;
  if (place < 0) {
    floor -= 1;
    place += size;
  }
  for (let entry: usize = 0; entry < count; entry++) {
    const digit = ((isPlace ? place : floor) - least) as u64;
    store<u64>(table + (entry << 3), load<u64>(table + (entry << 3)) + (digit << (position as u64)));
    place += 1;
    if (place == size) {
      floor += 1;
      place = 0;
    }
  }
}

/**
 * Adds the bits of the numbers `first`, `first + 1`, … to the table of their column, one every `step` bits of the key.
 *
 * @param table     u64[count]
 * @param position  of the lowest bit
 */
export function spreadBits(table: usize, count: usize, first: i32, depth: i32, step: i32, position: i32): void {
  for (let entry: usize = 0; entry < count; entry++) {
    const value = (first + (entry as i32)) as u64;
    let spread: u64 = 0;
    for (let bit = 0; bit < depth; bit++) {
      spread |= ((value >> (bit as u64)) & 1) << ((position + bit * step) as u64);
    }
    store<u64>(table + (entry << 3), load<u64>(table + (entry << 3)) + spread);
  }
}

/**
 * The key of every site: the sum of what the tables of its columns have, and `indexStep` times its index.
 *
 * @param columns  columnCount times {i32 values, i32 valueBytes, i32 table}: i32[count], one every `valueBytes`, and where
 *   the entry of the value 0 would be
 * @param keys     u64[count]
 */
export function sumColumns(columns: usize, columnCount: usize, count: usize, indexStep: u64, keys: usize): void {
  let index: u64 = 0;
  for (let site: usize = 0; site < count; site++) {
    let key = index;
    const end = columns + columnCount * 12;
    for (let column = columns; column < end; column += 12) {
      const value = load<i32>(load<u32>(column) + site * load<u32>(column, 4));
      key += load<u64>(load<u32>(column, 8) + (value << 3));
    }
    store<u64>(keys + (site << 3), key);
    index += indexStep;
  }
}

/**
 * Turns digits back: where an odd number of earlier digits is odd, all bits of a digit become their opposite.
 *
 * @param keys       u64[count]
 * @param reversals  reversalCount times {u64 lowest bits of the earlier digits, u64 bits of the digit}
 */
export function reverseDigits(keys: usize, count: usize, reversals: usize, reversalCount: usize): void {
  const end = reversals + (reversalCount << 4);
  for (let site: usize = 0; site < count; site++) {
    const key = load<u64>(keys + (site << 3));
    let reversed = key;
    for (let reversal = reversals; reversal < end; reversal += 16) {
      const isOdd = popcnt(key & load<u64>(reversal)) & 1;
      reversed ^= (0 - isOdd) & load<u64>(reversal, 8);
    }
    store<u64>(keys + (site << 3), reversed);
  }
}

/**
 * Makes Hilbert codes of Z-order codes: the cell of a step and how the curve lies in it give the next digits of the code
 * and how the curve lies in the cell (hilbert-states.ts).
 *
 * @param keys      u64[count] with a Z-order code of codeBits bits at `position`
 * @param stepBits  bits of a step; the first one may take less
 * @param entries   u32[states, 1 << stepBits]: first entry of the next state << 8 | digits of the Gray code
 * @param start     first entry of the first state
 */
export function hilbertOfZOrder(
  keys: usize,
  count: usize,
  codeBits: i32,
  position: i32,
  stepBits: i32,
  entries: usize,
  start: u32,
): void {
  const codeMask = ((1 as u64) << (codeBits as u64)) - 1;
  const cellMask = (1 << stepBits) - 1;
  const steps = (codeBits + stepBits - 1) / stepBits;
  for (let site: usize = 0; site < count; site++) {
    const key = load<u64>(keys + (site << 3));
    const code = (key >> (position as u64)) & codeMask;
    let gray: u64 = 0;
    let state = start;
    for (let level = (steps - 1) * stepBits; level >= 0; level -= stepBits) {
      const cell = ((code >> (level as u64)) as u32) & cellMask;
      const entry = load<u32>(entries + ((state + cell) << 2));
      state = entry >> 8;
      gray = (gray << (stepBits as u64)) | ((entry & 255) as u64);
    }
    gray ^= gray >> 1;
    gray ^= gray >> 2;
    gray ^= gray >> 4;
    gray ^= gray >> 8;
    gray ^= gray >> 16;
    gray ^= gray >> 32;
    store<u64>(keys + (site << 3), (key & ~(codeMask << (position as u64))) | (gray << (position as u64)));
  }
}

/**
 * The indices in sorted keys, and where each of them is.
 *
 * @param sorted  u64[count] ascending key << indexBits | index
 * @param order   i32[count]
 * @param places  i32[count]
 */
export function listIndices(sorted: usize, count: usize, indexBits: i32, order: usize, places: usize): void {
  const indexMask = (1 << indexBits) - 1;
  for (let place: usize = 0; place < count; place++) {
    const index = (load<u64>(sorted + (place << 3)) as i32) & indexMask;
    store<i32>(order + (place << 2), index);
    store<i32>(places + (index << 2), place as i32);
  }
}

/**
 * Where the bits from `shift` up change in sorted keys.
 *
 * @param sorted  u64[count] ascending
 * @param starts  i32[count + 1]: the first place of every group, and `count`
 * @returns the number of groups
 */
export function startGroups(sorted: usize, count: usize, shift: i32, starts: usize): usize {
  let group: usize = 0;
  let last: u64 = u64.MAX_VALUE;
  for (let place: usize = 0; place < count; place++) {
    const key = load<u64>(sorted + (place << 3)) >> (shift as u64);
    store<i32>(starts + (group << 2), place as i32);
    group += (key != last) as usize;
    last = key;
  }
  store<i32>(starts + (group << 2), count as i32);
  return group;
}
