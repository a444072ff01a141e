import { finishSums } from '@tfjs-sparse/core/src/assembly/epilogue.as';
import { madd } from '@tfjs-sparse/core/src/assembly/simd.as';
import { storeFirst } from '../matmul/row-product.as';

// Rows of x times a matrix of which n of every 4 inputs of each output are kept, for one or two rows. The 4 values of a
// group lie in one vector; each of 8 outputs takes n of them. For a group and 8 outputs the packed weights hold, for each
// of 2 n vectors of 4 outputs, the address of the bytes that the lanes take, and then the weights: u32[2 n], f32[2 n, 4].

/** Bytes of the table of what 4 lanes take: one row for each choice of one of 4 places by 4 lanes. */
export const takeTableBytes: usize = 4096;

/** Outputs that are done together. */
export const outputsOfRun: usize = 8;

/** Runs of an item: worth handing to a thread. */
export const runsOfItem: usize = 8;

/**
 * Packs weights for vectorMatMul.
 *
 * @param columns i32[outFeatures, kept] ascending  @param values f32[outFeatures, kept]
 * @param table   written: u8[256, 16] the bytes of a vector that each lane takes
 * @param entries written: as above, [runs, groups]
 * @param groups  an even number; those behind the last input hold zeros
 * @param kept    weights of each output; the last group may have fewer than n: zeros stand for the others, at place 3, where
 *                x is padded with 0 (0 times an infinite x would be NaN)
 */
export function packVectorWeights(
  columns: usize,
  values: usize,
  table: usize,
  entries: usize,
  n: usize,
  groups: usize,
  kept: usize,
  outFeatures: usize,
): void {
  for (let row: usize = 0; row < 256; row++) {
    for (let i: usize = 0; i < 16; i++) {
      const place = (row >> ((i >> 2) << 1)) & 3;
      store<u8>(table + (row << 4) + i, ((place << 2) | (i & 3)) as u8);
    }
  }
  const lastRow = table + (255 << 4); // place 3 for all lanes
  const entryBytes = n * 40;
  const runs = (outFeatures + outputsOfRun - 1) / outputsOfRun;
  memory.fill(entries, 0, runs * groups * entryBytes);
  for (let entry: usize = 0; entry < runs * groups; entry++) {
    for (let vector: usize = 0; vector < 2 * n; vector++) {
      store<u32>(entries + entry * entryBytes + (vector << 2), lastRow as u32);
    }
  }
  for (let output: usize = 0; output < outFeatures; output++) {
    for (let i: usize = 0; i < kept; i++) {
      const column = load<u32>(columns + ((output * kept + i) << 2)) as usize;
      const entry = entries + ((output / outputsOfRun) * groups + (column >> 2)) * entryBytes;
      const vector = ((output & 7) >> 2) * n + i % n;
      const lane = output & 3;
      const address = entry + (vector << 2);
      store<u32>(address, load<u32>(address) - ((3 - (column & 3)) << ((lane << 1) + 4)) as u32);
      store<f32>(entry + (n << 3) + (vector << 4) + (lane << 2), load<f32>(values + ((output * kept + i) << 2)));
    }
  }
}

/**
 * y = clamp(x * weights + bias + residual) for items of 8 runs of 8 outputs, which do not depend on each other.
 *
 * @param firstItem @param endItem the items to do
 * @param x       f32[rows, 4 * groups]
 * @param y       f32[rows, outFeatures]
 * @param entries the packed weights
 * @param bias    f32[8 * runs]  @param residual f32[rows, outFeatures], or 0
 * @param n       1 or 2
 */
export function vectorMatMul(
  firstItem: usize,
  endItem: usize,
  _thread: usize,
  x: usize,
  y: usize,
  entries: usize,
  bias: usize,
  residual: usize,
  rows: usize,
  groups: usize,
  outFeatures: usize,
  n: usize,
  low: f32,
  high: f32,
): void {
  const endRun = min(endItem * runsOfItem, (outFeatures + outputsOfRun - 1) / outputsOfRun);
  const first = firstItem * runsOfItem * outputsOfRun;
  const count = min(endRun * outputsOfRun, outFeatures) - first;
  const item = entries + first * groups * n * 5;
  bias += first << 2;
  for (let row: usize = 0; row < rows; row++) {
    const done = (row * outFeatures + first) << 2;
    if (residual == 0) {
      addRuns(x, y + done, item, bias, count, groups, n, low, high);
    } else {
      addRuns(x, y + done, item, bias, count, groups, n, -Infinity, Infinity);
      finishSums(y + done, residual + done, count, low, high);
    }
    x += groups << 4;
  }
}

/** One row: the products of `count` outputs that follow each other. Called in two places, so that it is not inlined. */
function addRuns(
  x: usize,
  y: usize,
  entries: usize,
  bias: usize,
  count: usize,
  groups: usize,
  n: usize,
  low: f32,
  high: f32,
): void {
  for (let output: usize = 0; output < count; output += outputsOfRun) {
    const outputs = min(outputsOfRun, count - output);
    const place = output << 2;
    if (n == 1) addOneOfFour(x, groups, entries, bias + place, y + place, outputs, low, high);
    else addTwoOfFour(x, groups, entries, bias + place, y + place, outputs, low, high);
    entries += groups * n * 40;
  }
}

// With one kept weight two groups a turn are faster (V8 checks for a stack overflow once per turn), with two slower: V8
// loads ahead and spills.

function addOneOfFour(
  x: usize,
  groups: usize,
  entry: usize,
  bias: usize,
  to: usize,
  outputs: usize,
  low: f32,
  high: f32,
): void {
  let sums = v128.load(bias), more = v128.load(bias, 16);
  let secondSums = f32x4.splat(0), secondMore = secondSums;
  const end = x + (groups << 4);
  for (; x < end; x += 32) {
    let values = v128.load(x);
    sums = madd(take(values, load<u32>(entry)), v128.load(entry, 8), sums);
    more = madd(take(values, load<u32>(entry, 4)), v128.load(entry, 24), more);
    values = v128.load(x, 16);
    secondSums = madd(take(values, load<u32>(entry, 40)), v128.load(entry, 48), secondSums);
    secondMore = madd(take(values, load<u32>(entry, 44)), v128.load(entry, 64), secondMore);
    entry += 80;
  }
  storeFirst(f32x4.add(sums, secondSums), to, min(outputs, 4), low, high);
  if (outputs > 4) storeFirst(f32x4.add(more, secondMore), to + 16, outputs - 4, low, high);
}

function addTwoOfFour(
  x: usize,
  groups: usize,
  entry: usize,
  bias: usize,
  to: usize,
  outputs: usize,
  low: f32,
  high: f32,
): void {
  let sums = v128.load(bias), more = v128.load(bias, 16);
  let secondSums = f32x4.splat(0), secondMore = secondSums;
  const end = x + (groups << 4);
  for (; x < end; x += 16) {
    const values = v128.load(x);
    sums = madd(take(values, load<u32>(entry)), v128.load(entry, 16), sums);
    secondSums = madd(take(values, load<u32>(entry, 4)), v128.load(entry, 32), secondSums);
    more = madd(take(values, load<u32>(entry, 8)), v128.load(entry, 48), more);
    secondMore = madd(take(values, load<u32>(entry, 12)), v128.load(entry, 64), secondMore);
    entry += 80;
  }
  storeFirst(f32x4.add(sums, secondSums), to, min(outputs, 4), low, high);
  if (outputs > 4) storeFirst(f32x4.add(more, secondMore), to + 16, outputs - 4, low, high);
}

/** Per lane one value of the group, by the row of the table at `address`. */
// @ts-ignore: decorator of AssemblyScript
@inline
function take(values: v128, address: u32): v128 {
  const bytes = v128.load(address as usize);
  return isDefined(RELAXED) ? i8x16.relaxed_swizzle(values, bytes) : i8x16.swizzle(values, bytes);
}
