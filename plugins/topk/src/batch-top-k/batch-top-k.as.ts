import { boundOf } from '../selection/bound.as';
import { chunkKeyBytes, countCandidates, trimTo, writeCandidates, writeChunkKeys } from '../selection/candidates.as';
import { keyOf, keysOf } from '../selection/keys.as';
import { sampleBytes, writeSampled } from './sampled.as';

/** Bytes of a list of candidates: twice as many as are kept. More are there only where values are ordered or equal. */
export function batchListBytes(count: usize): usize {
  return (batchCandidates(count) << 2) + 320; // keys are padded, and indices written up to 67 at a time
}

/** Bytes of `keys`: of the chunks, or of the sample. */
export function batchKeyBytes(elements: usize, count: usize, chunk: usize): usize {
  return max(chunkKeyBytes(elements, chunk), sampleBytes(elements, count));
}

/**
 * The `count` greatest of x in the order of x, of equal ones the first.
 *
 * @param x f32[elements]  @param chunk see writeChunkKeys, at most elements / count
 * @param values f32[count]  @param indices i32[count], count > 0
 * @param keys batchKeyBytes(elements, count, chunk) bytes  @param lists four of batchListBytes(count) bytes
 */
export function batchTopK(
  x: usize,
  values: usize,
  indices: usize,
  keys: usize,
  lists: usize,
  elements: usize,
  count: usize,
  chunk: usize,
): void {
  const room = batchCandidates(count);
  const listBytes = batchListBytes(count);
  if (writeSampled(x, values, indices, keys, lists, listBytes, elements, count, room)) return;
  const chunks = writeChunkKeys(x, elements, chunk, keys);
  const bound = boundOf(keys, chunks, count as i32, ((count >> 3) + 2) as i32);
  if (countCandidates(x, elements, chunk, keys, chunks, bound) <= room) {
    const candidateKeys = lists + listBytes;
    const found = writeCandidates(x, elements, chunk, keys, chunks, bound, lists, candidateKeys);
    trimTo(count, lists, candidateKeys, found);
    memory.copy(indices, lists, count << 2);
  } else {
    writeExactly(x, elements, count, indices);
  }
  for (let i: usize = 0; i < count; i++) {
    store<f32>(values + (i << 2), load<f32>(x + ((load<u32>(indices + (i << 2)) as usize) << 2)));
  }
}

function batchCandidates(count: usize): usize {
  return 2 * count + 64;
}

/** By bisection over all values: up to 32 passes. */
function writeExactly(x: usize, elements: usize, count: usize, indices: usize): void {
  let low = i32.MIN_VALUE + 1; // count values or more have keys from `low` on, fewer from `high` on
  let high: i64 = (i32.MAX_VALUE as i64) + 1;
  while (high - (low as i64) > 1) {
    const middle = (((low as i64) + high) >> 1) as i32;
    if (countValuesFrom(x, elements, middle) >= count) low = middle;
    else high = middle as i64;
  }
  let equalsLeft = count - (low == i32.MAX_VALUE ? 0 : countValuesFrom(x, elements, low + 1));
  for (let i: usize = 0; i < elements; i++) {
    const key = keyOf(load<f32>(x + (i << 2)));
    if (key < low || (key == low && equalsLeft == 0)) continue;
    if (key == low) equalsLeft--;
    store<u32>(indices, i as u32);
    indices += 4;
  }
}

function countValuesFrom(x: usize, elements: usize, bound: i32): usize {
  const least = i32x4.splat(bound);
  let counts = i32x4.splat(0);
  let i: usize = 0;
  for (; i + 4 <= elements; i += 4) counts = i32x4.sub(counts, i32x4.ge_s(keysOf(v128.load(x + (i << 2))), least));
  let count = i32x4.extract_lane(counts, 0) + i32x4.extract_lane(counts, 1);
  count += i32x4.extract_lane(counts, 2) + i32x4.extract_lane(counts, 3);
  for (; i < elements; i++) count += i32(keyOf(load<f32>(x + (i << 2))) >= bound);
  return count as usize;
}
