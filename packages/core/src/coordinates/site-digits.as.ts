// Sortable keys of sites, put together digit by digit (see site-digits.ts); the first digit counts most.

/**
 * Appends a digit to every key: key << bits | digit. The digit is the window of `size` cells that holds the value, or the
 * place of the value in its window, counted from `least`, or backwards from `greatest` where an odd number of the digits
 * in the bits of `reversedBy` is odd.
 *
 * @param values    i32[count], one every `valueBytes`
 * @param digit     {i32 shift, i32 size, i32 isPlace, i32 least, i32 greatest, i32 bits, i32 reversedBy, i32 number}
 * @param parities  u32[count]: bit d tells whether digit d is odd
 * @param keys      u64[count]
 */
export function appendDigit(
  values: usize,
  valueBytes: usize,
  count: usize,
  digit: usize,
  parities: usize,
  keys: usize,
): void {
  const shift = load<i32>(digit);
  const size = load<i32>(digit, 4);
  const isPlace = load<i32>(digit, 8) != 0;
  const least = load<i32>(digit, 12);
  const greatest = load<i32>(digit, 16);
  const bits = load<i32>(digit, 20) as u64;
  const reversedBy = load<u32>(digit, 24);
  const number = load<i32>(digit, 28);
  for (let site: usize = 0; site < count; site++) {
    const moved = load<i32>(values) + shift;
    const floor = size == 1 ? moved : floorOf(moved, size);
    const counted = isPlace ? moved - floor * size : floor;
    const parity = load<u32>(parities);
    const isReversed = (popcnt(parity & reversedBy) & 1) != 0;
    const appended = (isReversed ? greatest - counted : counted - least) as u64;
    store<u64>(keys, (load<u64>(keys) << bits) | appended);
    store<u32>(parities, parity | ((counted & 1) << number));
    values += valueBytes;
    parities += 4;
    keys += 8;
  }
}

@inline
function floorOf(value: i32, size: i32): i32 {
  const towardsZero = value / size;
  return towardsZero - ((value - towardsZero * size < 0) as i32);
}

/**
 * Makes keys carry the index that they have: key << indexBits | index.
 *
 * @param keys  u64[count]
 */
export function appendIndices(keys: usize, count: usize, indexBits: i32): void {
  for (let index: usize = 0; index < count; index++) {
    store<u64>(keys + (index << 3), (load<u64>(keys + (index << 3)) << (indexBits as u64)) | (index as u64));
  }
}

/**
 * The place of every entry.
 *
 * @param order   i32[count], each of 0..count - 1 once
 * @param places  i32[count]
 */
export function invertOrder(order: usize, count: usize, places: usize): void {
  for (let place: usize = 0; place < count; place++) {
    store<i32>(places + ((load<i32>(order + (place << 2)) as usize) << 2), place as i32);
  }
}
