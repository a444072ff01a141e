import { madd } from './simd.as';

/**
 * y += value * row for the entries {u32 byte offset of the row, f32 value} whose offsets are below the limit: four rows at
 * a time, each read in order.
 *
 * @param entry @param stop the entries  @param weights f32[] the rows  @param y f32[byteCount / 4]
 * @returns the first entry that is not
 */
export function addEntries(entry: usize, stop: usize, limit: usize, weights: usize, y: usize, byteCount: usize): usize {
  for (; entry + 32 <= stop && (load<u32>(entry, 24) as usize) < limit; entry += 32) {
    addFour(entry, weights, y, byteCount);
  }
  for (; entry < stop && (load<u32>(entry) as usize) < limit; entry += 8) {
    const row = weights + load<u32>(entry);
    const value = v128.load32_splat(entry, 4);
    let byte: usize = 0;
    for (; byte + 16 <= byteCount; byte += 16) v128.store(y + byte, madd(v128.load(row + byte), value, v128.load(y + byte)));
    for (; byte < byteCount; byte += 4) add1(row + byte, load<f32>(entry, 4), y + byte);
  }
  return entry;
}

function addFour(entry: usize, weights: usize, y: usize, byteCount: usize): void {
  const row0 = weights + load<u32>(entry);
  const row1 = weights + load<u32>(entry, 8);
  const row2 = weights + load<u32>(entry, 16);
  const row3 = weights + load<u32>(entry, 24);
  const value0 = v128.load32_splat(entry, 4);
  const value1 = v128.load32_splat(entry, 12);
  const value2 = v128.load32_splat(entry, 20);
  const value3 = v128.load32_splat(entry, 28);
  let byte: usize = 0;
  for (; byte + 32 <= byteCount; byte += 32) {
    let sum = madd(v128.load(row0 + byte), value0, v128.load(y + byte));
    let next = madd(v128.load(row0 + byte, 16), value0, v128.load(y + byte, 16));
    sum = madd(v128.load(row1 + byte), value1, sum);
    next = madd(v128.load(row1 + byte, 16), value1, next);
    sum = madd(v128.load(row2 + byte), value2, sum);
    next = madd(v128.load(row2 + byte, 16), value2, next);
    v128.store(y + byte, madd(v128.load(row3 + byte), value3, sum));
    v128.store(y + byte, madd(v128.load(row3 + byte, 16), value3, next), 16);
  }
  for (; byte + 16 <= byteCount; byte += 16) {
    let sum = madd(v128.load(row0 + byte), value0, v128.load(y + byte));
    sum = madd(v128.load(row1 + byte), value1, sum);
    sum = madd(v128.load(row2 + byte), value2, sum);
    v128.store(y + byte, madd(v128.load(row3 + byte), value3, sum));
  }
  for (; byte < byteCount; byte += 4) {
    add1(row0 + byte, f32x4.extract_lane(value0, 0), y + byte);
    add1(row1 + byte, f32x4.extract_lane(value1, 0), y + byte);
    add1(row2 + byte, f32x4.extract_lane(value2, 0), y + byte);
    add1(row3 + byte, f32x4.extract_lane(value3, 0), y + byte);
  }
}

// @ts-ignore: decorator of AssemblyScript
@inline
function add1(weight: usize, value: f32, y: usize): void {
  store<f32>(y, load<f32>(y) + load<f32>(weight) * value);
}
