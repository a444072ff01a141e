import { keyOf, valueOfKey } from './keys.as';

/** Lists of keys end at a multiple of so many, filled up with the least number, which no float has as its key. */
export const keysPerTurn: usize = 16;

/** Fills i32[] at `keys` up from `count`. Returns how many there are then. */
export function padKeys(keys: usize, count: usize): usize {
  const padded = (count + keysPerTurn - 1) & ~(keysPerTurn - 1);
  for (let i = count; i < padded; i++) store<i32>(keys + (i << 2), i32.MIN_VALUE);
  return padded;
}

/**
 * A number that at least k of the keys reach, and at most k + slack of them unless more are equal: bisection, by turns of
 * the values, which suits what is drawn evenly, and of the keys, which ends for anything.
 *
 * @param keys i32[count], padded; at least k of them are keys
 */
export function boundOf(keys: usize, count: usize, k: i32, slack: i32): i32 {
  let low = leastOf(keys, count);
  let high = greatestOf(keys, count);
  if (countFrom(keys, count, high) >= k) return high;
  // From here on at least k reach `low`, and fewer than k reach `high`.
  let isTurnOfValues = true;
  while (high - low != 1) {
    let middle = (low & high) + ((low ^ high) >> 1);
    if (isTurnOfValues) {
      const key = keyOf(0.5 * valueOfKey(low) + 0.5 * valueOfKey(high));
      if (key > low && key < high) middle = key;
    }
    isTurnOfValues = !isTurnOfValues;
    const reaching = countFrom(keys, count, middle);
    if (reaching < k) high = middle;
    else if (reaching <= k + slack) return middle;
    else low = middle;
  }
  return low;
}

/** How many keys are at least `bound`. */
export function countFrom(keys: usize, count: usize, bound: i32): i32 {
  const least = i32x4.splat(bound);
  let a = i32x4.splat(0), b = a, c = a, d = a;
  for (const end = keys + (count << 2); keys < end; keys += keysPerTurn << 2) {
    a = i32x4.sub(a, i32x4.ge_s(v128.load(keys), least));
    b = i32x4.sub(b, i32x4.ge_s(v128.load(keys, 16), least));
    c = i32x4.sub(c, i32x4.ge_s(v128.load(keys, 32), least));
    d = i32x4.sub(d, i32x4.ge_s(v128.load(keys, 48), least));
  }
  const sum = i32x4.add(i32x4.add(a, b), i32x4.add(c, d));
  return i32x4.extract_lane(sum, 0) + i32x4.extract_lane(sum, 1) + i32x4.extract_lane(sum, 2) + i32x4.extract_lane(sum, 3);
}

function greatestOf(keys: usize, count: usize): i32 {
  let most = i32x4.splat(i32.MIN_VALUE);
  for (const end = keys + (count << 2); keys < end; keys += 16) most = i32x4.max_s(most, v128.load(keys));
  return max(
    max(i32x4.extract_lane(most, 0), i32x4.extract_lane(most, 1)),
    max(i32x4.extract_lane(most, 2), i32x4.extract_lane(most, 3)),
  );
}

/** The padding, one less than the least number, is the greatest one. */
function leastOf(keys: usize, count: usize): i32 {
  const one = i32x4.splat(1);
  let least = i32x4.splat(i32.MAX_VALUE);
  for (const end = keys + (count << 2); keys < end; keys += 16) {
    least = i32x4.min_s(least, i32x4.sub(v128.load(keys), one));
  }
  return (
    1 +
    min(
      min(i32x4.extract_lane(least, 0), i32x4.extract_lane(least, 1)),
      min(i32x4.extract_lane(least, 2), i32x4.extract_lane(least, 3)),
    )
  );
}
