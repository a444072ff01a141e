import { finishSums } from '@tfjs-sparse/core/src/assembly/epilogue.as';
import { clamp4, madd } from '@tfjs-sparse/core/src/assembly/simd.as';
import { highCodes, lowCodes, sumsOf } from './codes.as';

// A group has units of 16 codes; a unit becomes 4 vectors of weights in registers.

/**
 * y = clamp(x * weights + bias + residual) for blocks of 16 outputs. One row at a time meets the codes as they become numbers; for
 * more rows the weights of a block become numbers once, and stay in the cache while all tiles meet them.
 *
 * @param tiles   of layTiles with tileRows rows, 1 or 6  @param y f32[rows, outFeatures]
 * @param codes   of QuantizedWeights  @param scales f32[groups]  @param zeros f32[groups]
 * @param starts  i32[outFeatures + 1]  @param columns i32[groups]  @param bias f32[outFeatures], or 0
 * @param residual f32[rows, outFeatures], or 0
 * @param units   of a group: groupSize / 16  @param weights f32[threads, 16, paddedInputs] scratch
 */
export function quantizedMatMul(
  first: usize,
  end: usize,
  thread: usize,
  tiles: usize,
  y: usize,
  codes: usize,
  scales: usize,
  zeros: usize,
  starts: usize,
  columns: usize,
  bias: usize,
  residual: usize,
  rows: usize,
  paddedInputs: usize,
  outFeatures: usize,
  units: usize,
  bits: usize,
  tileRows: usize,
  low: f32,
  high: f32,
  weights: usize,
): void {
  weights += thread * (paddedInputs << 6);
  const lows = f32x4.splat(residual != 0 ? -Infinity : low);
  const highs = f32x4.splat(residual != 0 ? Infinity : high);
  const rowBytes = outFeatures << 2;
  for (let block = first << 4; block < min(end << 4, outFeatures); block += 16) {
    const endBlock = min(block + 16, outFeatures);
    const firstGroup = load<u32>(starts + (block << 2)) as usize;
    if (tileRows > 1) {
      const lastGroup = load<u32>(starts + (endBlock << 2)) as usize;
      if (bits == 4) takeWeights(4, codes, scales, zeros, firstGroup, lastGroup, units, weights);
      else takeWeights(8, codes, scales, zeros, firstGroup, lastGroup, units, weights);
    }
    let x = tiles;
    for (let row: usize = 0; row < rows; row += tileRows) {
      for (let output = block; output < endBlock; output++) {
        const start = load<u32>(starts + (output << 2)) as usize;
        const stop = load<u32>(starts + (output << 2), 4) as usize;
        const to = y + row * rowBytes + (output << 2);
        const added = bias ? v128.load32_splat(bias + (output << 2)) : f32x4.splat(0);
        if (tileRows > 1) {
          const from = weights + (start - firstGroup) * (units << 6);
          sixRows(x, from, columns, start, stop, units, added, lows, highs, to, rowBytes, rows - row);
        } else {
          let sum: v128;
          if (bits == 4) {
            if (units == 1) sum = oneRow(4, 1, x, codes, scales, zeros, columns, start, stop);
            else sum = oneRow(4, 2, x, codes, scales, zeros, columns, start, stop);
          } else {
            if (units == 1) sum = oneRow(8, 1, x, codes, scales, zeros, columns, start, stop);
            else sum = oneRow(8, 2, x, codes, scales, zeros, columns, start, stop);
          }
          v128.store32_lane(to, clamp4(f32x4.add(sum, added), lows, highs), 0);
        }
      }
      x += paddedInputs * tileRows << 2;
    }
    if (residual != 0) {
      for (let row: usize = 0; row < rows; row++) {
        const at = row * rowBytes + (block << 2);
        finishSums(y + at, residual + at, endBlock - block, low, high);
      }
    }
  }
}

// The weights of groups as numbers.
// @ts-ignore: decorator of AssemblyScript
@inline
function takeWeights(
  bits: i32,
  codes: usize,
  scales: usize,
  zeros: usize,
  start: usize,
  stop: usize,
  units: usize,
  to: usize,
): void {
  let code = codes + start * units * (bits << 1);
  for (let group = start; group < stop; group++) {
    const scale = v128.load32_splat(scales + (group << 2));
    const offset = f32x4.neg(f32x4.mul(scale, v128.load32_splat(zeros + (group << 2))));
    for (let unit: usize = 0; unit < units; unit++) {
      const low = lowCodes(bits, code);
      const high = highCodes(bits, code);
      v128.store(to, madd(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(low)), scale, offset));
      v128.store(to, madd(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(low)), scale, offset), 16);
      v128.store(to, madd(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(high)), scale, offset), 32);
      v128.store(to, madd(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(high)), scale, offset), 48);
      to += 64;
      code += bits << 1;
    }
  }
}

// One output of up to six rows. Each vector of weights is behind an exit of its own: without them V8 loads all ahead and
// spills.
function sixRows(
  tile: usize,
  weights: usize,
  columns: usize,
  start: usize,
  stop: usize,
  units: usize,
  bias: v128,
  low: v128,
  high: v128,
  to: usize,
  rowBytes: usize,
  rows: usize,
): void {
  let sum0 = f32x4.splat(0), sum1 = sum0, sum2 = sum0, sum3 = sum0, sum4 = sum0, sum5 = sum0;
  let weight: v128;
  const groupBytes = units << 6;
  for (let group = start; group < stop; group++) {
    let x = tile + (load<u32>(columns + (group << 2)) as usize) * groupBytes * 6;
    const end = weights + groupBytes;
    while (weights < end) {
      weight = v128.load(weights);
      sum0 = madd(weight, v128.load(x), sum0);
      sum1 = madd(weight, v128.load(x, 16), sum1);
      sum2 = madd(weight, v128.load(x, 32), sum2);
      sum3 = madd(weight, v128.load(x, 48), sum3);
      sum4 = madd(weight, v128.load(x, 64), sum4);
      sum5 = madd(weight, v128.load(x, 80), sum5);
      weights += 16;
      if (weights >= end) break;
      weight = v128.load(weights);
      sum0 = madd(weight, v128.load(x, 96), sum0);
      sum1 = madd(weight, v128.load(x, 112), sum1);
      sum2 = madd(weight, v128.load(x, 128), sum2);
      sum3 = madd(weight, v128.load(x, 144), sum3);
      sum4 = madd(weight, v128.load(x, 160), sum4);
      sum5 = madd(weight, v128.load(x, 176), sum5);
      weights += 16;
      x += 192;
    }
  }
  const sums = clamp4(f32x4.add(sumsOf(sum0, sum1, sum2, sum3), bias), low, high);
  const lastSums = clamp4(f32x4.add(sumsOf(sum4, sum5, sum4, sum5), bias), low, high);
  v128.store32_lane(to, sums, 0);
  if (rows > 1) v128.store32_lane((to += rowBytes), sums, 1);
  if (rows > 2) v128.store32_lane((to += rowBytes), sums, 2);
  if (rows > 3) v128.store32_lane((to += rowBytes), sums, 3);
  if (rows > 4) v128.store32_lane((to += rowBytes), lastSums, 0);
  if (rows > 5) v128.store32_lane((to += rowBytes), lastSums, 1);
}

// The sum of one output with one row, in every lane. With no loop over units: V8 checks for a stack overflow each turn.
// @ts-ignore: decorator of AssemblyScript
@inline
function oneRow(
  bits: i32,
  units: usize,
  tile: usize,
  codes: usize,
  scales: usize,
  zeros: usize,
  columns: usize,
  start: usize,
  stop: usize,
): v128 {
  let sum0 = f32x4.splat(0), sum1 = sum0, sum2 = sum0, sum3 = sum0;
  let code = codes + start * units * (bits << 1);
  for (let group = start; group < stop; group++) {
    const scale = v128.load32_splat(scales + (group << 2));
    const offset = f32x4.neg(f32x4.mul(scale, v128.load32_splat(zeros + (group << 2))));
    const x = tile + (load<u32>(columns + (group << 2)) as usize) * (units << 6);
    let low = lowCodes(bits, code);
    let high = highCodes(bits, code);
    sum0 = madd(madd(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(low)), scale, offset), v128.load(x), sum0);
    sum1 = madd(madd(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(low)), scale, offset), v128.load(x, 16), sum1);
    sum2 = madd(madd(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(high)), scale, offset), v128.load(x, 32), sum2);
    sum3 = madd(madd(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(high)), scale, offset), v128.load(x, 48), sum3);
    code += bits << 1;
    if (units == 1) continue;
    low = lowCodes(bits, code);
    high = highCodes(bits, code);
    sum0 = madd(madd(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(low)), scale, offset), v128.load(x, 64), sum0);
    sum1 = madd(madd(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(low)), scale, offset), v128.load(x, 80), sum1);
    sum2 = madd(madd(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(high)), scale, offset), v128.load(x, 96), sum2);
    sum3 = madd(madd(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(high)), scale, offset), v128.load(x, 112), sum3);
    code += bits << 1;
  }
  const sum = f32x4.add(f32x4.add(sum0, sum1), f32x4.add(sum2, sum3));
  return sumsOf(sum, sum, sum, sum);
}
