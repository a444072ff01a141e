import { boundOf } from '../selection/bound.as';
import { writeCandidates, writeChunkKeys } from '../selection/candidates.as';
import { candidatesToAimAt, guessedRoom, nextGuess, writeKeysOf, writeRare, writeReaching, writeValuesAt } from '../selection/guess.as';
import { valueOfKey } from '../selection/keys.as';
import { writeInOrder } from '../selection/order.as';

/** Share of a row in the guess for the next: what one row says is noise to a seventh of k, at 32. */
const guessRate: f32 = 0.125;

/**
 * Values per one that is kept, from which on `writeRare` is faster: by 5 % at 8,192 for 32, where it is 8 % slower at 4,096.
 */
const leastPerRare: usize = 256;

/** Bytes that a thread of `topK` needs: keys, indices, keys of candidates, and their heap or ranks. */
export function topKScratch(width: usize): usize {
  return (3 * scratchKeys(width) << 2) + (scratchKeys(width) << 3);
}

/** Lists are padded to 16 keys, ranks written twelve and guessed candidates up to 67 at a time. */
// @ts-ignore: decorator of AssemblyScript
@inline
function scratchKeys(width: usize): usize {
  return (width + 95) & ~15;
}

/**
 * The k greatest values of each row, the greatest first, and their indices.
 *
 * @param first @param end items of rowsOfItem rows  @param thread whose scratch to use
 * @param x f32[rows, width]  @param counts i32[rows] of each row, at most k, or 0: k of all
 * @param values f32[rows, k]  @param indices i32[rows, k], k > 0: behind the count of a row 0 and -1
 * @param scratch topKScratch(width) bytes for each thread  @param chunk see writeChunkKeys, at most width / k
 */
export function topK(
  first: usize,
  end: usize,
  thread: usize,
  x: usize,
  counts: usize,
  values: usize,
  indices: usize,
  scratch: usize,
  rows: usize,
  width: usize,
  k: usize,
  chunk: usize,
  rowsOfItem: usize,
): void {
  const keys = scratch + thread * topKScratch(width);
  const candidates = keys + (scratchKeys(width) << 2);
  const candidateKeys = candidates + (scratchKeys(width) << 2);
  const heap = candidateKeys + (scratchKeys(width) << 2);
  const endRow = min(end * rowsOfItem, rows);
  const areRare = width >= k * leastPerRare;
  let guess: f32 = Infinity; // until a row was selected
  for (let row = first * rowsOfItem; row < endRow; row++) {
    const from = x + row * (width << 2);
    const toValues = values + row * (k << 2);
    const toIndices = indices + row * (k << 2);
    const count = counts == 0 ? k : (load<u32>(counts + (row << 2)) as usize);
    if (count > 0) {
      const room = min(guessedRoom(count), width);
      let rate = guessRate;
      let found: usize = 0;
      if (guess < Infinity) {
        found = areRare
          ? writeRare(from, 0, width, guess, candidates, room)
          : writeReaching(from, 0, width, guess, candidates, room);
      }
      if (found >= count && found <= room) {
        writeValuesAt(from, candidates, candidateKeys, found);
        writeKeysOf(candidateKeys, candidateKeys, found);
      } else {
        const chunks = writeChunkKeys(from, width, chunk, keys);
        const bound = boundOf(keys, chunks, count as i32, ((count >> 3) + 2) as i32);
        found = writeCandidates(from, width, chunk, keys, chunks, bound, candidates, candidateKeys);
        guess = valueOfKey(bound);
        rate = 1;
      }
      writeInOrder(candidates, candidateKeys, found, heap, toIndices, count);
      const greatest = load<f32>(from + (load<u32>(toIndices) << 2));
      guess = nextGuess(guess, greatest, found, candidatesToAimAt(count), rate);
    }
    for (let place: usize = 0; place < count; place++) {
      store<f32>(toValues + (place << 2), load<f32>(from + ((load<u32>(toIndices + (place << 2)) as usize) << 2)));
    }
    for (let place = count; place < k; place++) {
      store<f32>(toValues + (place << 2), 0);
      store<i32>(toIndices + (place << 2), -1);
    }
  }
}
