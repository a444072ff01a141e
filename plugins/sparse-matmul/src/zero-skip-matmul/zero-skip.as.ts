import { addEntries } from '@tfjs-sparse/core/src/assembly/add-entries.as';
import { finishSums } from '@tfjs-sparse/core/src/assembly/epilogue.as';

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
