// Codes of sites on space-filling curves of one to four axes. order-by.ts tells which cube they fill.

/**
 * Appends the Z-order (Morton) code of every site to its key: from the highest bit on, one bit of each axis in turn.
 *
 * @param rows   i32[count, rowBytes / 4]
 * @param axes   axisCount times {i32 column, i32 origin}
 * @param depth  bits per axis
 * @param keys   u64[count]
 */
export function appendZOrder(
  rows: usize,
  rowBytes: usize,
  count: usize,
  axes: usize,
  axisCount: usize,
  depth: i32,
  keys: usize,
): void {
  for (let site: usize = 0; site < count; site++) {
    let key = load<u64>(keys);
    for (let bit = depth - 1; bit >= 0; bit--) {
      for (let axis: usize = 0; axis < axisCount; axis++) {
        key = (key << 1) | bitOf(offsetOnAxis(rows, axes, axis), bit);
      }
    }
    store<u64>(keys, key);
    rows += rowBytes;
    keys += 8;
  }
}

/**
 * Appends the code of every site on the Hilbert curve to its key (J. Skilling, Programming the Hilbert curve, 2004): the
 * axes become the Gray code of the place on the curve.
 *
 * @param rows   i32[count, rowBytes / 4]
 * @param axes   axisCount times {i32 column, i32 origin}
 * @param depth  bits per axis; axisCount * depth is at most 62
 * @param keys   u64[count]
 */
export function appendHilbert(
  rows: usize,
  rowBytes: usize,
  count: usize,
  axes: usize,
  axisCount: usize,
  depth: i32,
  keys: usize,
): void {
  const codeBits = (axisCount as u64) * (depth as u64);
  for (let site: usize = 0; site < count; site++) {
    let first = offsetOnAxis(rows, axes, 0);
    let second = axisCount > 1 ? offsetOnAxis(rows, axes, 1) : 0;
    let third = axisCount > 2 ? offsetOnAxis(rows, axes, 2) : 0;
    let fourth = axisCount > 3 ? offsetOnAxis(rows, axes, 3) : 0;
    let gray: u64 = 0;
    for (let bit = depth - 1; bit >= 0; bit--) {
      const lower = (1 << bit) - 1;
      gray = (gray << 1) | bitOf(first, bit);
      // Where the bit of an axis is set, the lower bits of the first axis turn; else the two axes swap theirs.
      first ^= lower & maskOf(first, bit);
      if (axisCount > 1) {
        gray = (gray << 1) | bitOf(second, bit);
        const isSet = maskOf(second, bit);
        const swapped = (first ^ second) & lower & ~isSet;
        second ^= swapped;
        first ^= swapped | (lower & isSet);
      }
      if (axisCount > 2) {
        gray = (gray << 1) | bitOf(third, bit);
        const isSet = maskOf(third, bit);
        const swapped = (first ^ third) & lower & ~isSet;
        third ^= swapped;
        first ^= swapped | (lower & isSet);
      }
      if (axisCount > 3) {
        gray = (gray << 1) | bitOf(fourth, bit);
        const isSet = maskOf(fourth, bit);
        const swapped = (first ^ fourth) & lower & ~isSet;
        fourth ^= swapped;
        first ^= swapped | (lower & isSet);
      }
    }
    store<u64>(keys, (load<u64>(keys) << codeBits) | binaryOf(gray));
    rows += rowBytes;
    keys += 8;
  }
}

@inline
function offsetOnAxis(row: usize, axes: usize, axis: usize): i32 {
  const column = load<i32>(axes + (axis << 3)) as usize;
  return load<i32>(row + (column << 2)) - load<i32>(axes + (axis << 3), 4);
}

@inline
function bitOf(value: i32, bit: i32): u64 {
  return ((value >> bit) & 1) as u64;
}

/** All ones where the bit is set, else 0. */
@inline
function maskOf(value: i32, bit: i32): i32 {
  return -((value >> bit) & 1);
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
