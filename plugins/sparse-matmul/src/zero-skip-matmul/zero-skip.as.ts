import { finishSums } from '@tfjs-sparse/core/src/assembly/epilogue.as';
import { madd } from '@tfjs-sparse/core/src/assembly/simd.as';

/**
 * Lists of what is not 0 in each row: {u32 byte offset of its row of weights, f32 value}, row after row.
 *
 * @param x f32[rows, inFeatures]  @param ends u32[rows] where each list ends, in bytes
 * @param entries room for rows * inFeatures entries of 8 bytes
 */
export function listNonZeros(
  x: usize,
  ends: usize,
  entries: usize,
  rows: usize,
  inFeatures: usize,
  outFeatures: usize,
): void {
  const weightBytes = outFeatures << 2;
  let to = entries;
  for (let row: usize = 0; row < rows; row++) {
    let input: usize = 0;
    for (; input + 4 <= inFeatures; input += 4) {
      const values = v128.load(x + (input << 2));
      let left = i32x4.bitmask(f32x4.ne(values, f32x4.splat(0))); // NaN is not 0
      while (left != 0) {
        const at = input + (ctz(left) as usize);
        store<u32>(to, (at * weightBytes) as u32);
        store<f32>(to, load<f32>(x + (at << 2)), 4);
        to += 8;
        left &= left - 1;
      }
    }
    for (; input < inFeatures; input++) {
      const value = load<f32>(x + (input << 2));
      if (value == 0) continue;
      store<u32>(to, (input * weightBytes) as u32);
      store<f32>(to, value, 4);
      to += 8;
    }
    x += inFeatures << 2;
    store<u32>(ends + (row << 2), (to - entries) as u32);
  }
}

/**
 * y = clamp(x * weights + bias + residual) for chunks of outputs. Within one, a chunk of inputs stays in the cache while all rows meet its weights;
 * rows of weights are read in order, four at a time. (Register tiles of a few outputs would read columns of pieces, which
 * collide in the cache where a row of weights is a multiple of 4 kB.)
 *
 * @param first @param end chunks of chunkOutputs  @param thread whose scratch to use
 * @param ends @param entries of listNonZeros  @param cursors usize[threads, rows] scratch
 * @param weights f32[inFeatures, outFeatures]  @param y f32[rows, outFeatures]
 * @param bias f32[outFeatures], or 0  @param residual f32[rows, outFeatures], or 0
 */
export function zeroSkipMatMul(
  first: usize,
  end: usize,
  thread: usize,
  ends: usize,
  entries: usize,
  cursors: usize,
  weights: usize,
  y: usize,
  bias: usize,
  residual: usize,
  rows: usize,
  inFeatures: usize,
  outFeatures: usize,
  low: f32,
  high: f32,
  chunkInputs: usize,
  chunkOutputs: usize,
): void {
  const rowBytes = outFeatures << 2;
  cursors += thread * (rows << 2);
  for (let chunk = first; chunk < end; chunk++) {
    const firstByte = chunk * (chunkOutputs << 2);
    const byteCount = min(chunkOutputs << 2, rowBytes - firstByte);
    let start: usize = 0;
    for (let row: usize = 0; row < rows; row++) {
      const to = y + row * rowBytes + firstByte;
      if (bias != 0) memory.copy(to, bias + firstByte, byteCount);
      else memory.fill(to, 0, byteCount);
      store<u32>(cursors + (row << 2), start as u32);
      start = load<u32>(ends + (row << 2)) as usize;
    }
    for (let input: usize = 0; input < inFeatures; input += chunkInputs) {
      const limit = (input + chunkInputs) * rowBytes;
      for (let row: usize = 0; row < rows; row++) {
        const from = entries + (load<u32>(cursors + (row << 2)) as usize);
        const stop = entries + (load<u32>(ends + (row << 2)) as usize);
        const next = addEntries(from, stop, limit, weights + firstByte, y + row * rowBytes + firstByte, byteCount);
        store<u32>(cursors + (row << 2), (next - entries) as u32);
      }
    }
    for (let row: usize = 0; row < rows; row++) {
      const at = row * rowBytes + firstByte;
      finishSums(y + at, residual != 0 ? residual + at : 0, byteCount >> 2, low, high);
    }
  }
}

// y += the rows of weights of the entries below the limit. Returns the first entry that is not.
function addEntries(entry: usize, stop: usize, limit: usize, weights: usize, y: usize, byteCount: usize): usize {
  for (; entry + 32 <= stop && (load<u32>(entry, 24) as usize) < limit; entry += 32) {
    addFour(entry, weights, y, byteCount);
  }
  for (; entry < stop && (load<u32>(entry) as usize) < limit; entry += 8) {
    const row = weights + load<u32>(entry);
    const value = v128.load32_splat(entry, 4);
    let byte: usize = 0;
    for (; byte + 16 <= byteCount; byte += 16) v128.store(y + byte, madd(v128.load(row + byte), value, v128.load(y + byte)));
    for (; byte < byteCount; byte += 4) add1(row + byte, load<f32>(entry, 4), y + byte);
  }
  return entry;
}

function addFour(entry: usize, weights: usize, y: usize, byteCount: usize): void {
  const row0 = weights + load<u32>(entry);
  const row1 = weights + load<u32>(entry, 8);
  const row2 = weights + load<u32>(entry, 16);
  const row3 = weights + load<u32>(entry, 24);
  const value0 = v128.load32_splat(entry, 4);
  const value1 = v128.load32_splat(entry, 12);
  const value2 = v128.load32_splat(entry, 20);
  const value3 = v128.load32_splat(entry, 28);
  let byte: usize = 0;
  for (; byte + 32 <= byteCount; byte += 32) {
    let sum = madd(v128.load(row0 + byte), value0, v128.load(y + byte));
    let next = madd(v128.load(row0 + byte, 16), value0, v128.load(y + byte, 16));
    sum = madd(v128.load(row1 + byte), value1, sum);
    next = madd(v128.load(row1 + byte, 16), value1, next);
    sum = madd(v128.load(row2 + byte), value2, sum);
    next = madd(v128.load(row2 + byte, 16), value2, next);
    v128.store(y + byte, madd(v128.load(row3 + byte), value3, sum));
    v128.store(y + byte, madd(v128.load(row3 + byte, 16), value3, next), 16);
  }
  for (; byte + 16 <= byteCount; byte += 16) {
    let sum = madd(v128.load(row0 + byte), value0, v128.load(y + byte));
    sum = madd(v128.load(row1 + byte), value1, sum);
    sum = madd(v128.load(row2 + byte), value2, sum);
    v128.store(y + byte, madd(v128.load(row3 + byte), value3, sum));
  }
  for (; byte < byteCount; byte += 4) {
    add1(row0 + byte, f32x4.extract_lane(value0, 0), y + byte);
    add1(row1 + byte, f32x4.extract_lane(value1, 0), y + byte);
    add1(row2 + byte, f32x4.extract_lane(value2, 0), y + byte);
    add1(row3 + byte, f32x4.extract_lane(value3, 0), y + byte);
  }
}

// @ts-ignore: decorator of AssemblyScript
@inline
function add1(weight: usize, value: f32, y: usize): void {
  store<f32>(y, load<f32>(y) + load<f32>(weight) * value);
}
