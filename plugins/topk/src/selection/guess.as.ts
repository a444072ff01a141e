import { keysOf } from './keys.as';
import { areLow, lowBits } from './low-bits.as';

// Rows that come one after the other are often alike. Where a number is known that probably a few more than k values of
// the next row reach, one pass finds these; whether they are enough is seen then, so the selection never depends on it.

/** So many candidates are asked for: that fewer than k come is then a matter of three standard deviations. */
export function candidatesToAimAt(k: usize): f32 {
  return (k as f32) + 3 * Mathf.sqrt(k as f32) + 1;
}

/** Room for candidates; where more come, the guess is as wrong as where fewer than k come. */
// @ts-ignore: decorator of AssemblyScript
@inline
export function guessedRoom(k: usize): usize {
  return 4 * k + 64;
}

/**
 * The next guess, or infinity where there is none. In the tail of most distributions the logarithm of how many exceed a
 * number falls about evenly with the number, to none at the greatest.
 *
 * @param guess what `found` values reached  @param rate 1, or less to average over rows
 */
export function nextGuess(guess: f32, greatest: f32, found: usize, aim: f32, rate: f32): f32 {
  const next = guess + (rate * (greatest - guess) * ((found as f32) - aim)) / ((found as f32) + aim);
  return abs(next) < f32.MAX_VALUE ? next : Infinity;
}

/**
 * Writes the indices from `first` to `end` of the values that are not below `least`, NaN among them, in order.
 *
 * @param x f32[end]  @param indices u32[room + 67]
 * @returns how many; above `room` not all of them
 */
export function writeReaching(x: usize, first: usize, end: usize, least: f32, indices: usize, room: usize): usize {
  const leasts = f32x4.splat(least);
  const last = indices + (room << 2);
  let to = indices;
  let i = first;
  for (; i + 64 <= end && to <= last; i += 64) {
    const at = x + (i << 2);
    const low = (lowBits(at, leasts) | (lowBits(at + 64, leasts) << 16)) as u32;
    const high = (lowBits(at + 128, leasts) | (lowBits(at + 192, leasts) << 16)) as u32;
    let left = ~((low as u64) | ((high as u64) << 32));
    const next = to + ((popcnt(left) as usize) << 2);
    // Three are written whether they are there or not: a branch for each would be mispredicted more often than this costs.
    store<u32>(to, (i as u32) + (ctz(left) as u32));
    left &= left - 1;
    store<u32>(to, (i as u32) + (ctz(left) as u32), 4);
    left &= left - 1;
    store<u32>(to, (i as u32) + (ctz(left) as u32), 8);
    left &= left - 1;
    for (to += 12; left != 0; left &= left - 1, to += 4) store<u32>(to, (i as u32) + (ctz(left) as u32));
    to = next;
  }
  for (; i < end && to <= last; i++) {
    store<u32>(to, i as u32);
    if (!(load<f32>(x + (i << 2)) < least)) to += 4;
  }
  return (to - indices) >> 2;
}

/** `writeReaching` where at most one of some hundred values reaches `least`: of 32 that do not nothing is written. */
export function writeRare(x: usize, first: usize, end: usize, least: f32, indices: usize, room: usize): usize {
  const leasts = f32x4.splat(least);
  const last = indices + (room << 2);
  let to = indices;
  let i = first;
  for (; i + 32 <= end && to <= last; i += 32) {
    const at = x + (i << 2);
    if (i32x4.bitmask(v128.and(areLow(at, leasts), areLow(at + 64, leasts))) == 15) continue;
    let left = ~(lowBits(at, leasts) | (lowBits(at + 64, leasts) << 16));
    for (; left != 0; left &= left - 1, to += 4) store<u32>(to, (i as u32) + (ctz(left) as u32));
  }
  return ((to - indices) >> 2) + (to > last ? 0 : writeReaching(x, i, end, least, to, room - ((to - indices) >> 2)));
}

/** @param indices u32[count]  @param values f32[count]: those of x at the indices */
export function writeValuesAt(x: usize, indices: usize, values: usize, count: usize): void {
  for (let i: usize = 0; i < count; i++) {
    store<f32>(values + (i << 2), load<f32>(x + ((load<u32>(indices + (i << 2)) as usize) << 2)));
  }
}

/** @param values f32[count]  @param keys i32[count], which may be the values; both with room for 3 more */
export function writeKeysOf(values: usize, keys: usize, count: usize): void {
  for (let i: usize = 0; i < count; i += 4) v128.store(keys + (i << 2), keysOf(v128.load(values + (i << 2))));
}
