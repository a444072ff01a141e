/**
 * The k greatest values of each row, the greatest first, and their indices.
 *
 * The best k so far are a heap with the worst of them at the root. Most of a row does not beat that one, and is passed 16
 * values at a time. An entry of the heap is one number: the value as an integer of the same order, above the complement of
 * the index. A better entry is greater, and no two are equal.
 *
 * @param first @param end items of rowsOfItem rows  @param thread whose heap to use
 * @param x f32[rows, width]  @param values f32[rows, k]  @param indices i32[rows, k], k > 0
 * @param heaps u64[threads, k] scratch
 */
export function topK(
  first: usize,
  end: usize,
  thread: usize,
  x: usize,
  values: usize,
  indices: usize,
  heaps: usize,
  rows: usize,
  width: usize,
  k: usize,
  rowsOfItem: usize,
): void {
  const heap = heaps + thread * (k << 3);
  const endRow = min(end * rowsOfItem, rows);
  for (let row = first * rowsOfItem; row < endRow; row++) {
    const from = x + row * (width << 2);
    selectGreatest(from, width, heap, k);
    sortDescending(heap, k);
    const firstByte = row * (k << 2);
    for (let place: usize = 0; place < k; place++) {
      const index = indexOf(heap + (place << 3));
      store<u32>(indices + firstByte + (place << 2), index as u32);
      store<f32>(values + firstByte + (place << 2), load<f32>(from + (index << 2)));
    }
  }
}

/** Makes u64[k] at `heap` a heap of the greatest of f32[width] at x. */
function selectGreatest(x: usize, width: usize, heap: usize, k: usize): void {
  for (let index: usize = 0; index < k; index++) {
    store<u64>(heap + (index << 3), entryOf(load<f32>(x + (index << 2)), index));
  }
  for (let node = k >> 1; node > 0; node--) sink(heap, k, node - 1, load<u64>(heap + ((node - 1) << 3)));
  let index = k;
  for (; index + 16 <= width; index += 16) {
    const worst = load<f32>(x + (indexOf(heap) << 2));
    if (worst != worst) return; // all are NaN, and no later value beats those
    if (areAtMost(x + (index << 2), f32x4.splat(worst))) continue;
    for (let each: usize = 0; each < 16; each++) offer(x, index + each, heap, k);
  }
  for (; index < width; index++) offer(x, index, heap, k);
}

/** Says whether all of f32[16] at x are at most the bound; a NaN is not. */
// @ts-ignore: decorator of AssemblyScript
@inline
function areAtMost(x: usize, bound: v128): bool {
  const low = v128.and(f32x4.le(v128.load(x), bound), f32x4.le(v128.load(x, 16), bound));
  const high = v128.and(f32x4.le(v128.load(x, 32), bound), f32x4.le(v128.load(x, 48), bound));
  return i32x4.all_true(v128.and(low, high));
}

/** Puts a value in the place of the worst one that it beats. */
function offer(x: usize, index: usize, heap: usize, k: usize): void {
  const entry = entryOf(load<f32>(x + (index << 2)), index);
  if (entry > load<u64>(heap)) sink(heap, k, 0, entry);
}

function entryOf(value: f32, index: usize): u64 {
  let bits = reinterpret<i32>(value);
  if (value != value) bits = i32.MAX_VALUE; // NaN is above infinity
  else if (value == 0) bits = 0; // -0 equals 0
  else bits ^= (bits >> 31) & i32.MAX_VALUE; // of negative ones the bits fall as the values rise
  return ((((bits ^ i32.MIN_VALUE) as u32) as u64) << 32) | (~(index as u32) as u64);
}

// @ts-ignore: decorator of AssemblyScript
@inline
function indexOf(entry: usize): usize {
  return ~load<u32>(entry) as usize;
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

/** The least entry goes to the end, and what is left is a heap again. */
function sortDescending(heap: usize, k: usize): void {
  for (let last = k - 1; last > 0; last--) {
    const least = load<u64>(heap);
    sink(heap, last, 0, load<u64>(heap + (last << 3)));
    store<u64>(heap + (last << 3), least);
  }
}

/**
 * dx[row, indices[row, place]] = dy[row, place], and 0 elsewhere.
 *
 * @param dy f32[rows, k]  @param indices i32[rows, k]  @param dx f32[rows, width]
 */
export function topKGradient(dy: usize, indices: usize, dx: usize, rows: usize, width: usize, k: usize): void {
  memory.fill(dx, 0, rows * (width << 2));
  for (let row: usize = 0; row < rows; row++) {
    for (let place: usize = 0; place < k; place++) {
      store<f32>(dx + ((load<u32>(indices) as usize) << 2), load<f32>(dy));
      indices += 4;
      dy += 4;
    }
    dx += width << 2;
  }
}
