import { boundOf, countFrom, keysPerTurn, padKeys } from './bound.as';
import { keyOf, keysOf, valueOfKey } from './keys.as';
import { lowBits } from './low-bits.as';

// Of a long row few values can be among the greatest. The row is passed once for the maximum of each chunk; at least k
// values reach the k-th greatest of these maxima, and only the chunks that reach it are looked at again.

/** Bytes of `keys` for a row. */
export function chunkKeyBytes(width: usize, chunk: usize): usize {
  return ((width + chunk - 1) / chunk + keysPerTurn) << 2;
}

/**
 * Writes the key of each chunk's maximum, padded.
 *
 * @param x f32[width]  @param chunk a multiple of 32, or 1  @param keys i32[chunkKeyBytes / 4]
 * @returns how many keys there are with the padding
 */
export function writeChunkKeys(x: usize, width: usize, chunk: usize, keys: usize): usize {
  return padKeys(keys, chunk == 1 ? writeKeys(x, width, keys) : writeMaxima(x, width, chunk, keys));
}

/**
 * Writes what reaches a bound, in the order of the row.
 *
 * @param keys i32[count] of writeChunkKeys  @param indices u32[width]  @param candidateKeys i32[width]
 * @returns how many
 */
export function writeCandidates(
  x: usize,
  width: usize,
  chunk: usize,
  keys: usize,
  count: usize,
  bound: i32,
  indices: usize,
  candidateKeys: usize,
): usize {
  if (chunk == 1) return keysFrom(keys, count, bound, indices, candidateKeys);
  return valuesFrom(x, width, chunk, keys, count, bound, indices, candidateKeys);
}

/** How many `writeCandidates` would write at most: for rows that are too long for a list of all. */
export function countCandidates(x: usize, width: usize, chunk: usize, keys: usize, count: usize, bound: i32): usize {
  if (chunk == 1) return countFrom(keys, count, bound) as usize;
  const least = f32x4.splat(valueOfKey(bound));
  let reaching: usize = 0;
  for (let each: usize = 0; each < count; each++) {
    if (load<i32>(keys + (each << 2)) < bound) continue;
    let i = each * chunk;
    const end = min(i + chunk, width);
    for (; i + 32 <= end; i += 32) {
      const at = x + (i << 2);
      reaching += popcnt(~(lowBits(at, least) | (lowBits(at + 64, least) << 16))) as usize;
    }
    for (; i < end; i++) reaching += usize(keyOf(load<f32>(x + (i << 2))) >= bound);
  }
  return reaching;
}

function writeKeys(x: usize, width: usize, keys: usize): usize {
  let i: usize = 0;
  for (; i + 4 <= width; i += 4) v128.store(keys + (i << 2), keysOf(v128.load(x + (i << 2))));
  for (; i < width; i++) store<i32>(keys + (i << 2), keyOf(load<f32>(x + (i << 2))));
  return width;
}

/** The key of the maximum of each chunk, of four at a time; the last ones one by one. */
function writeMaxima(x: usize, width: usize, chunk: usize, keys: usize): usize {
  const chunkBytes = chunk << 2;
  const end = x + (width << 2);
  let to = keys;
  for (; x + (chunkBytes << 2) <= end; to += 16, x += 3 * chunkBytes) {
    const start = x;
    let a = v128.load(x), b = v128.load(x + chunkBytes), c = v128.load(x + 2 * chunkBytes), d = v128.load(x + 3 * chunkBytes);
    let sum = f32x4.splat(0);
    let ofA: v128, ofB: v128, ofC: v128, ofD: v128;
    let x1 = x + chunkBytes, x2 = x1 + chunkBytes, x3 = x2 + chunkBytes;
    for (const next = x1; x < next; x += 64, x1 += 64, x2 += 64, x3 += 64) {
      ofA = v128.load(x);
      ofB = v128.load(x1);
      ofC = v128.load(x2);
      ofD = v128.load(x3);
      a = f32x4.pmax(a, ofA);
      b = f32x4.pmax(b, ofB);
      c = f32x4.pmax(c, ofC);
      d = f32x4.pmax(d, ofD);
      sum = f32x4.add(sum, f32x4.add(f32x4.add(ofA, ofB), f32x4.add(ofC, ofD)));
      ofA = v128.load(x, 16);
      ofB = v128.load(x1, 16);
      ofC = v128.load(x2, 16);
      ofD = v128.load(x3, 16);
      a = f32x4.pmax(a, ofA);
      b = f32x4.pmax(b, ofB);
      c = f32x4.pmax(c, ofC);
      d = f32x4.pmax(d, ofD);
      sum = f32x4.add(sum, f32x4.add(f32x4.add(ofA, ofB), f32x4.add(ofC, ofD)));
      ofA = v128.load(x, 32);
      ofB = v128.load(x1, 32);
      ofC = v128.load(x2, 32);
      ofD = v128.load(x3, 32);
      a = f32x4.pmax(a, ofA);
      b = f32x4.pmax(b, ofB);
      c = f32x4.pmax(c, ofC);
      d = f32x4.pmax(d, ofD);
      sum = f32x4.add(sum, f32x4.add(f32x4.add(ofA, ofB), f32x4.add(ofC, ofD)));
      ofA = v128.load(x, 48);
      ofB = v128.load(x1, 48);
      ofC = v128.load(x2, 48);
      ofD = v128.load(x3, 48);
      a = f32x4.pmax(a, ofA);
      b = f32x4.pmax(b, ofB);
      c = f32x4.pmax(c, ofC);
      d = f32x4.pmax(d, ofD);
      sum = f32x4.add(sum, f32x4.add(f32x4.add(ofA, ofB), f32x4.add(ofC, ofD)));
    }
    // pmax is one instruction where max is seven, but loses NaN. A sum does not: it is NaN then, and for infinities.
    if (i32x4.all_true(f32x4.eq(sum, sum))) v128.store(to, keysOf(greatestLanes(a, b, c, d)));
    else for (let i: usize = 0; i < 4; i++) store<i32>(to + (i << 2), greatestKey(start + i * chunkBytes, start + (i + 1) * chunkBytes));
  }
  for (; x < end; x += chunkBytes, to += 4) store<i32>(to, greatestKey(x, min(x + chunkBytes, end)));
  return (to - keys) >> 2;
}

/** The greatest lane of each. */
// @ts-ignore: decorator of AssemblyScript
@inline
function greatestLanes(a: v128, b: v128, c: v128, d: v128): v128 {
  const ofAB = f32x4.pmax(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
  const ofCD = f32x4.pmax(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
  return f32x4.pmax(v128.shuffle<i64>(ofAB, ofCD, 0, 2), v128.shuffle<i64>(ofAB, ofCD, 1, 3));
}

function greatestKey(x: usize, end: usize): i32 {
  let greatest = i32.MIN_VALUE;
  for (; x < end; x += 4) greatest = max(greatest, keyOf(load<f32>(x)));
  return greatest;
}

function keysFrom(keys: usize, count: usize, bound: i32, indices: usize, candidateKeys: usize): usize {
  const least = i32x4.splat(bound);
  let found: usize = 0;
  for (let i: usize = 0; i < count; i += 4) {
    let left = i32x4.bitmask(i32x4.ge_s(v128.load(keys + (i << 2)), least));
    for (; left != 0; left &= left - 1) {
      const index = i + (ctz(left) as usize);
      store<u32>(indices + (found << 2), index as u32);
      store<i32>(candidateKeys + (found << 2), load<i32>(keys + (index << 2)));
      found++;
    }
  }
  return found;
}

function valuesFrom(
  x: usize,
  width: usize,
  chunk: usize,
  keys: usize,
  chunks: usize,
  bound: i32,
  indices: usize,
  candidateKeys: usize,
): usize {
  const least = i32x4.splat(bound);
  let found: usize = 0;
  for (let first: usize = 0; first < chunks; first += 4) {
    let left = i32x4.bitmask(i32x4.ge_s(v128.load(keys + (first << 2)), least));
    for (; left != 0; left &= left - 1) {
      const start = (first + (ctz(left) as usize)) * chunk;
      const end = min(start + chunk, width);
      found = valuesOfChunk(x, start, end, f32x4.splat(valueOfKey(bound)), bound, indices, candidateKeys, found);
    }
  }
  return found;
}

// A NaN is not below the least, as it must be; if the least is NaN nothing is, and `note` keeps the others out.
function valuesOfChunk(
  x: usize,
  start: usize,
  end: usize,
  least: v128,
  bound: i32,
  indices: usize,
  candidateKeys: usize,
  found: usize,
): usize {
  let i = start;
  for (; i + 32 <= end; i += 32) {
    const at = x + (i << 2);
    const below = lowBits(at, least) | (lowBits(at + 64, least) << 16);
    for (let left = ~below; left != 0; left &= left - 1) {
      found = note(x, i + (ctz(left) as usize), bound, indices, candidateKeys, found);
    }
  }
  for (; i < end; i++) found = note(x, i, bound, indices, candidateKeys, found);
  return found;
}

// @ts-ignore: decorator of AssemblyScript
@inline
function note(x: usize, index: usize, bound: i32, indices: usize, candidateKeys: usize, found: usize): usize {
  const key = keyOf(load<f32>(x + (index << 2)));
  store<u32>(indices + (found << 2), index as u32);
  store<i32>(candidateKeys + (found << 2), key);
  return found + usize(key >= bound);
}

/**
 * Leaves the k greatest of the candidates, in their order: of those that equal the last one the first.
 *
 * @param indices u32[count]  @param keys i32[count], with room for padding
 * @returns the least key that is left
 */
export function trimTo(k: usize, indices: usize, keys: usize, count: usize): i32 {
  const padded = padKeys(keys, count);
  const least = boundOf(keys, padded, k as i32, 0);
  const above = least == i32.MAX_VALUE ? 0 : countFrom(keys, padded, least + 1);
  let equalsLeft = (k as i32) - above;
  let kept: usize = 0;
  for (let i: usize = 0; i < count; i++) {
    const key = load<i32>(keys + (i << 2));
    if (key < least || (key == least && equalsLeft-- <= 0)) continue;
    store<u32>(indices + (kept << 2), load<u32>(indices + (i << 2)));
    store<i32>(keys + (kept << 2), key);
    kept++;
  }
  return least;
}
