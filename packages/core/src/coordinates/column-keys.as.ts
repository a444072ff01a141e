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
  let mask: u64 = 0;
  let spread: u64 = 0;
  for (let bit = 0; bit < depth; bit++) {
    mask |= (1 as u64) << ((position + bit * step) as u64);
    spread |= (((first >> bit) & 1) as u64) << ((position + bit * step) as u64);
  }
  for (let entry: usize = 0; entry < count; entry++) {
    store<u64>(table + (entry << 3), load<u64>(table + (entry << 3)) + spread);
    spread = ((spread | ~mask) + (mask & (0 - mask))) & mask; // ones between the bits carry from each to the next
  }
}

/**
 * Adds what the tables of three columns have for each site to its key.
 *
 * @param columns  three times {i32 values, i32 valueBytes, i32 table}: i32[count], one every `valueBytes`, and where the
 *   entry of the value 0 would be
 * @param keys     u64[count]
 */
export function addColumns(columns: usize, count: usize, keys: usize): void {
  let values1: usize = load<u32>(columns);
  let values2: usize = load<u32>(columns, 12);
  let values3: usize = load<u32>(columns, 24);
  const bytes1: usize = load<u32>(columns, 4);
  const bytes2: usize = load<u32>(columns, 16);
  const bytes3: usize = load<u32>(columns, 28);
  const table1: usize = load<u32>(columns, 8);
  const table2: usize = load<u32>(columns, 20);
  const table3: usize = load<u32>(columns, 32);
  for (const end = keys + (count << 3); keys < end; keys += 8) {
    const sum =
      load<u64>(table1 + (load<i32>(values1) << 3)) +
      load<u64>(table2 + (load<i32>(values2) << 3)) +
      load<u64>(table3 + (load<i32>(values3) << 3));
    store<u64>(keys, load<u64>(keys) + sum);
    values1 += bytes1;
    values2 += bytes2;
    values3 += bytes3;
  }
}

/** Writes 0, step, 2 * step, … to u64[count] at keys. */
export function writeIndices(keys: usize, count: usize, step: u64): void {
  for (let index: usize = 0; index < count; index++) store<u64>(keys + (index << 3), (index as u64) * step);
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
 * @param stepBits  bits of a step, 4 or 6; the first one may take less
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
  // With shifts by a constant a site of 12 levels takes 17 ns, by a variable 21.
  if (stepBits == 6) takeSteps(keys, count, codeBits, position, 6, entries, start);
  else takeSteps(keys, count, codeBits, position, 4, entries, start);
}

@inline
function takeSteps(
  keys: usize,
  count: usize,
  codeBits: i32,
  position: i32,
  stepBits: i32,
  entries: usize,
  start: u32,
): void {
  const codeMask = (((1 as u64) << (codeBits as u64)) - 1) << (position as u64);
  const cellMask = (1 << stepBits) - 1;
  const steps = (codeBits + stepBits - 1) / stepBits;
  const toTop = (64 - position - steps * stepBits) as u64;
  for (const end = keys + (count << 3); keys < end; keys += 8) {
    const key = load<u64>(keys);
    let code = rotl(key & codeMask, toTop);
    let entry = start << 8;
    let gray: u64 = 0;
    for (let step = 0; step < steps; step++) {
      code = rotl(code, stepBits as u64);
      entry = load<u32>(entries + (((entry >> 8) + ((code as u32) & cellMask)) << 2));
      gray = (gray << (stepBits as u64)) | ((entry & 255) as u64);
    }
    store<u64>(keys, (key & ~codeMask) | (binaryOf(gray) << (position as u64)));
  }
}

/** Every bit becomes the parity of itself and those above. */
@inline
function binaryOf(gray: u64): u64 {
  gray ^= gray >> 1;
  gray ^= gray >> 2;
  gray ^= gray >> 4;
  gray ^= gray >> 8;
  gray ^= gray >> 16;
  return gray ^ (gray >> 32);
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
