// Which queries of a panel of eight see which keys: a byte for each key, a bit for each query.

/** All bits of a lane whose query sees the key, of queries 0 to 3. */
// @ts-ignore: decorator of AssemblyScript
@inline
export function lowLanes(byte: i32): v128 {
  const lanes = i32x4(1, 2, 4, 8);
  return i32x4.eq(v128.and(i32x4.splat(byte), lanes), lanes);
}

/** The same of queries 4 to 7. */
// @ts-ignore: decorator of AssemblyScript
@inline
export function highLanes(byte: i32): v128 {
  const lanes = i32x4(16, 32, 64, 128);
  return i32x4.eq(v128.and(i32x4.splat(byte), lanes), lanes);
}

/**
 * Puts `hidden` in the place of numbers of keys that a query does not see, whatever these are.
 *
 * @param bytes u8[count]  @param numbers f32[count, 8]
 */
export function hide(bytes: usize, count: usize, numbers: usize, hidden: f32): void {
  const instead = f32x4.splat(hidden);
  for (let key: usize = 0; key < count; key++, numbers += 32) {
    const byte = load<u8>(bytes + key) as i32;
    if (byte == 255) continue;
    v128.store(numbers, v128.bitselect(v128.load(numbers), instead, lowLanes(byte)));
    v128.store(numbers, v128.bitselect(v128.load(numbers, 16), instead, highLanes(byte)), 16);
  }
}

/**
 * outputs += rows of keys times their factors, but a row reaches only queries that see its key: 0 times Infinity is NaN.
 *
 * @param bytes u8[count]  @param factors f32[count, 8]  @param rows f32[ceil(channels / 4), .., 4]  @param blockBytes of 4 channels
 * @param outputs f32[channels, 8]
 */
export function addVisibleRows(
  bytes: usize,
  count: usize,
  factors: usize,
  rows: usize,
  blockBytes: usize,
  channels: usize,
  outputs: usize,
): void {
  for (let key: usize = 0; key < count; key++, factors += 32, rows += 16) {
    const byte = load<u8>(bytes + key) as i32;
    if (byte == 0) continue;
    const low = lowLanes(byte), high = highLanes(byte);
    for (let channel: usize = 0; channel < channels; channel++) {
      const to = outputs + (channel << 5);
      const number = v128.load32_splat(rows + (channel >> 2) * blockBytes + ((channel & 3) << 2));
      const sum0 = f32x4.add(v128.load(to), f32x4.mul(number, v128.load(factors)));
      const sum1 = f32x4.add(v128.load(to, 16), f32x4.mul(number, v128.load(factors, 16)));
      v128.store(to, v128.bitselect(sum0, v128.load(to), low));
      v128.store(to, v128.bitselect(sum1, v128.load(to, 16), high), 16);
    }
  }
}
