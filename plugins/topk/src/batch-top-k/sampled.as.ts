import { boundOf } from '../selection/bound.as';
import { trimTo } from '../selection/candidates.as';
import { writeKeysOf, writeRare, writeValuesAt } from '../selection/guess.as';
import { keysOf, valueOfKey } from '../selection/keys.as';

// Where many of many values are looked for, a small sample tells about how great they are, and one pass finds them.

/** As many of the greatest shall be in the sample. */
const sampled: usize = 64;
/** What the sample's bound is the n-th greatest for: three standard deviations more. */
const sampledWithMargin: i32 = 88;
const sampleLine: usize = 16; // values, 64 bytes
const leastPerSampled: usize = 16; // a sample of more than a sixteenth of x costs what it saves
const leastPerValue: usize = 128; // otherwise too many are found for `writeRare`

/** What is looked at again, for the values of what was found, while it lies in the cache. */
const pieceLength: usize = 1 << 14;

/** Bytes of the sample's keys. */
export function sampleBytes(elements: usize, count: usize): usize {
  return (sampleLines(elements, count) * sampleLine) << 2;
}

/**
 * The `count` greatest of x by a bound that a sample suggests.
 *
 * @param x f32[elements]  @param values f32[count]  @param indices i32[count]  @param sample sampleBytes(elements, count)
 * @param lists four of so many bytes, each of u32[room] and 320 bytes of padding
 * @returns whether the sample was like x: as many as `count` reach the bound, and no more than `room`
 */
export function writeSampled(
  x: usize,
  values: usize,
  indices: usize,
  sample: usize,
  lists: usize,
  listBytes: usize,
  elements: usize,
  count: usize,
  room: usize,
): bool {
  const lines = sampleLines(elements, count);
  if (lines == 0) return false;
  const found = lists;
  const foundValues = lists + listBytes;
  const least = sampledBound(x, elements, lines, sample);
  let all: usize = 0;
  for (let first: usize = 0; first < elements; first += pieceLength) {
    const to = found + (all << 2);
    const more = writeRare(x, first, min(first + pieceLength, elements), least, to, room - all);
    if (all + more > room) return false;
    writeValuesAt(x, to, foundValues + (all << 2), more);
    all += more;
  }
  if (all < count) return false;
  const places = foundValues + listBytes;
  const keys = places + listBytes;
  for (let i: usize = 0; i < all; i++) store<u32>(places + (i << 2), i as u32);
  writeKeysOf(foundValues, keys, all);
  trimTo(count, places, keys, all);
  for (let i: usize = 0; i < count; i++) {
    const place = (load<u32>(places + (i << 2)) as usize) << 2;
    store<u32>(indices + (i << 2), load<u32>(found + place));
    store<f32>(values + (i << 2), load<f32>(foundValues + place));
  }
  return true;
}

/** Lines of the sample, or 0: it would be too much of x. */
function sampleLines(elements: usize, count: usize): usize {
  if (count < sampled * leastPerSampled || elements < count * leastPerValue) return 0;
  return (((sampled as u64) * (elements as u64)) / ((count * sampleLine) as u64)) as usize;
}

/** A number that about `sampledWithMargin` of the sample reach, which are lines from all over x. */
function sampledBound(x: usize, elements: usize, lines: usize, sample: usize): f32 {
  const stride = (elements / lines) << 2;
  let to = sample;
  for (let line: usize = 0; line < lines; line++, x += stride) {
    for (let byte: usize = 0; byte < 64; byte += 16, to += 16) v128.store(to, keysOf(v128.load(x + byte)));
  }
  return valueOfKey(boundOf(sample, lines * sampleLine, sampledWithMargin, sampledWithMargin >> 3));
}
