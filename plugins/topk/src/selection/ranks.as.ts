/**
 * Writes the k greatest candidates, the greatest first and of equal ones the first: the place of each is the number of
 * greater ones. For a few of them; `sorted.as.ts` is for many.
 *
 * @param indices u32[count] ascending  @param keys i32[count], padded  @param ranks i32[count], with room for padding
 * @param to i32[k] the indices, k <= count
 */
export function writeByRank(indices: usize, keys: usize, count: usize, ranks: usize, to: usize, k: usize): void {
  for (let i: usize = 0; i < count; i += 12) countGreater(keys + (i << 2), keys, count, ranks + (i << 2));
  memory.fill(to, 0xff, k << 2);
  for (let i: usize = 0; i < count; i++) {
    let place = load<u32>(ranks + (i << 2)) as usize;
    while (place < k && load<i32>(to + (place << 2)) >= 0) place++; // an equal one with a lower index has it
    if (place < k) store<u32>(to + (place << 2), load<u32>(indices + (i << 2)));
  }
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
