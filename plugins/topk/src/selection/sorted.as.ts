/**
 * Writes the candidates, the greatest first and of equal ones the first, by heap sort. An entry of the heap is one number:
 * the key above the complement of the index; a better one is greater, and no two are equal.
 *
 * @param indices u32[count]  @param keys i32[count]  @param heap u64[count] scratch  @param to i32[count] the indices
 */
export function writeSorted(indices: usize, keys: usize, count: usize, heap: usize, to: usize): void {
  for (let i: usize = 0; i < count; i++) {
    store<u32>(heap + (i << 3), ~load<u32>(indices + (i << 2)));
    store<i32>(heap + (i << 3), load<i32>(keys + (i << 2)) ^ i32.MIN_VALUE, 4);
  }
  for (let node = count >> 1; node > 0; node--) sink(heap, count, node - 1, load<u64>(heap + ((node - 1) << 3)));
  for (let last = count - 1; last > 0; last--) {
    const least = load<u64>(heap);
    sink(heap, last, 0, load<u64>(heap + (last << 3)));
    store<u64>(heap + (last << 3), least);
  }
  for (let i: usize = 0; i < count; i++) store<u32>(to + (i << 2), ~load<u32>(heap + (i << 3)));
}

/** Puts `entry` at `node` or, behind smaller ones that move up, below it. */
function sink(heap: usize, count: usize, node: usize, entry: u64): void {
  let child: usize = 2 * node + 1;
  while (child < count) {
    let at = heap + (child << 3);
    if (child + 1 < count && load<u64>(at, 8) < load<u64>(at)) {
      child++;
      at += 8;
    }
    const least = load<u64>(at);
    if (least > entry) break;
    store<u64>(heap + (node << 3), least);
    node = child;
    child = 2 * node + 1;
  }
  store<u64>(heap + (node << 3), entry);
}
