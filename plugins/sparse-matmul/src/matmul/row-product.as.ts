import { finishSums } from '@tfjs-sparse/core/src/assembly/epilogue.as';
import { clamp4, madd } from '@tfjs-sparse/core/src/assembly/simd.as';

// One or two rows of x leave the kernels for tiles idle. Here every row of x meets the packed weights on its own; an entry
// is {u32 byte offset of the column in a row of x, f32[blockOutputs]}.

/** Block rows of a run: worth handing to a thread. */
export const runBlockRows: usize = 64;

/**
 * y = clamp(x * weights + bias + residual) for runs of block rows, which do not depend on each other.
 *
 * @param firstRun @param endRun the runs to do
 * @param x       f32[rows, inFeatures]
 * @param y       f32[rows, outFeatures]
 * @param entries the packed weights, in the order of the pattern
 * @param starts  i32[blockRows + 1] first block of each block row
 * @param bias    f32[8 * ceil(outFeatures / 8)]  @param residual f32[rows, outFeatures], or 0
 */
export function rowMatMul(
  firstRun: usize,
  endRun: usize,
  _thread: usize,
  x: usize,
  y: usize,
  entries: usize,
  starts: usize,
  bias: usize,
  residual: usize,
  rows: usize,
  inFeatures: usize,
  outFeatures: usize,
  blockOutputs: usize,
  low: f32,
  high: f32,
): void {
  const entryBytes = (blockOutputs + 1) << 2;
  const firstBlockRow = firstRun * runBlockRows;
  const endBlockRow = min(endRun * runBlockRows, (outFeatures + blockOutputs - 1) / blockOutputs);
  const lowSum: f32 = residual != 0 ? -Infinity : low;
  const highSum: f32 = residual != 0 ? Infinity : high;
  for (let row: usize = 0; row < rows; row++) {
    for (let blockRow = firstBlockRow; blockRow < endBlockRow; blockRow++) {
      const from = entries + (load<u32>(starts + (blockRow << 2)) as usize) * entryBytes;
      const end = entries + (load<u32>(starts + (blockRow << 2), 4) as usize) * entryBytes;
      const output = blockRow * blockOutputs;
      const to = y + (output << 2);
      const outputs = min(blockOutputs, outFeatures - output);
      if (blockOutputs == 1) store<f32>(to, clamp(load<f32>(bias + (output << 2)) + sumOfOne(x, from, end), lowSum, highSum));
      else if (blockOutputs == 2) addTwo(x, from, end, bias + (output << 2), to, outputs, lowSum, highSum);
      else if (blockOutputs == 4) addFour(x, from, end, bias + (output << 2), to, outputs, lowSum, highSum);
      else addEight(x, from, end, bias + (output << 2), to, outputs, lowSum, highSum);
    }
    if (residual != 0) {
      const first = firstBlockRow * blockOutputs;
      const count = min(endBlockRow * blockOutputs, outFeatures) - first;
      finishSums(y + (first << 2), residual + (first << 2), count, low, high);
      residual += outFeatures << 2;
    }
    x += inFeatures << 2;
    y += outFeatures << 2;
  }
}

/** Four sums at a time hide the time that an addition takes. */
// @ts-ignore: decorator of AssemblyScript
@inline
function sumOfOne(x: usize, from: usize, end: usize): f32 {
  let sum0: f32 = 0, sum1: f32 = 0, sum2: f32 = 0, sum3: f32 = 0;
  for (; from + 32 <= end; from += 32) {
    sum0 += load<f32>(x + load<u32>(from)) * load<f32>(from, 4);
    sum1 += load<f32>(x + load<u32>(from, 8)) * load<f32>(from, 12);
    sum2 += load<f32>(x + load<u32>(from, 16)) * load<f32>(from, 20);
    sum3 += load<f32>(x + load<u32>(from, 24)) * load<f32>(from, 28);
  }
  for (; from < end; from += 8) sum0 += load<f32>(x + load<u32>(from)) * load<f32>(from, 4);
  return sum0 + sum1 + (sum2 + sum3);
}

// @ts-ignore: decorator of AssemblyScript
@inline
function addTwo(x: usize, from: usize, end: usize, bias: usize, to: usize, outputs: usize, low: f32, high: f32): void {
  let sums = v128.load64_zero(bias), more = f32x4.splat(0);
  for (; from + 24 <= end; from += 24) {
    sums = madd(v128.load32_splat(x + load<u32>(from)), v128.load64_zero(from, 4), sums);
    more = madd(v128.load32_splat(x + load<u32>(from, 12)), v128.load64_zero(from, 16), more);
  }
  if (from < end) sums = madd(v128.load32_splat(x + load<u32>(from)), v128.load64_zero(from, 4), sums);
  storeFirst(f32x4.add(sums, more), to, outputs, low, high);
}

// @ts-ignore: decorator of AssemblyScript
@inline
function addFour(x: usize, from: usize, end: usize, bias: usize, to: usize, outputs: usize, low: f32, high: f32): void {
  let sums = v128.load(bias), more = f32x4.splat(0);
  for (; from + 40 <= end; from += 40) {
    sums = madd(v128.load32_splat(x + load<u32>(from)), v128.load(from, 4), sums);
    more = madd(v128.load32_splat(x + load<u32>(from, 20)), v128.load(from, 24), more);
  }
  if (from < end) sums = madd(v128.load32_splat(x + load<u32>(from)), v128.load(from, 4), sums);
  storeFirst(f32x4.add(sums, more), to, outputs, low, high);
}

// @ts-ignore: decorator of AssemblyScript
@inline
function addEight(x: usize, from: usize, end: usize, bias: usize, to: usize, outputs: usize, low: f32, high: f32): void {
  let sums = v128.load(bias), highSums = v128.load(bias, 16);
  let more = f32x4.splat(0), highMore = more;
  let value: v128;
  for (; from + 72 <= end; from += 72) {
    value = v128.load32_splat(x + load<u32>(from));
    sums = madd(value, v128.load(from, 4), sums);
    highSums = madd(value, v128.load(from, 20), highSums);
    value = v128.load32_splat(x + load<u32>(from, 36));
    more = madd(value, v128.load(from, 40), more);
    highMore = madd(value, v128.load(from, 56), highMore);
  }
  if (from < end) {
    value = v128.load32_splat(x + load<u32>(from));
    sums = madd(value, v128.load(from, 4), sums);
    highSums = madd(value, v128.load(from, 20), highSums);
  }
  storeFirst(f32x4.add(sums, more), to, min(outputs, 4), low, high);
  if (outputs > 4) storeFirst(f32x4.add(highSums, highMore), to + 16, outputs - 4, low, high);
}

/** to = the first `count` of 4 sums, clamped. */
export function storeFirst(sums: v128, to: usize, count: usize, low: f32, high: f32): void {
  const values = clamp4(sums, f32x4.splat(low), f32x4.splat(high));
  if (count == 4) return v128.store(to, values);
  store<f32>(to, f32x4.extract_lane(values, 0));
  if (count > 1) store<f32>(to, f32x4.extract_lane(values, 1), 4);
  if (count > 2) store<f32>(to, f32x4.extract_lane(values, 2), 8);
}

// @ts-ignore: decorator of AssemblyScript
@inline
function clamp(sum: f32, low: f32, high: f32): f32 {
  return sum < low ? low : sum > high ? high : sum;
}
