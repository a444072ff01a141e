/**
 * Writes the k greatest candidates, the greatest first and of equal ones the first: the place of each is the number of
 * greater ones. For a few of them; `sorted.as.ts` is for many.
 *
 * @param indices u32[count] ascending  @param keys i32[count], padded  @param scratch u32[2 * (count + 16)]
 * @param to i32[k] the indices, k <= count
 */
export function writeByRank(indices: usize, keys: usize, count: usize, scratch: usize, to: usize, k: usize): void {
  const ranks = scratch;
  const places = scratch + ((count + 16) << 2); // of all candidates: a branch for those behind k is often mispredicted
  for (let i: usize = 0; i < count; i += 12) countGreater(keys + (i << 2), keys, count, ranks + (i << 2));
  for (let i: usize = 0; i < count; i += 4) v128.store(places + (i << 2), i32x4.splat(-1));
  for (let i: usize = 0; i < count; i++) {
    let place = places + (load<u32>(ranks + (i << 2)) << 2);
    while (load<i32>(place) >= 0) place += 4; // an equal one with a lower index has it
    store<u32>(place, load<u32>(indices + (i << 2)));
  }
  for (let i: usize = 0; i < k; i++) store<u32>(to + (i << 2), load<u32>(places + (i << 2)));
}

/** For twelve of the keys. */
function countGreater(twelve: usize, keys: usize, count: usize, ranks: usize): void {
  const a = v128.load(twelve), b = v128.load(twelve, 16), c = v128.load(twelve, 32);
  let ofA = i32x4.splat(0), ofB = ofA, ofC = ofA;
  for (const end = keys + (count << 2); keys < end; keys += 4) {
    const key = v128.load32_splat(keys);
    ofA = i32x4.sub(ofA, i32x4.gt_s(key, a));
    ofB = i32x4.sub(ofB, i32x4.gt_s(key, b));
    ofC = i32x4.sub(ofC, i32x4.gt_s(key, c));
  }
  v128.store(ranks, ofA);
  v128.store(ranks, ofB, 16);
  v128.store(ranks, ofC, 32);
}
