import { clamp4, madd } from '../simd.as';

// x lies in tiles of rows, [inputs / 4][rows][4], padded by zeros to whole groups. A group has units of 16 codes; a unit
// becomes 4 vectors of weights in registers.

/**
 * tiles = x in tiles of tileRows rows; zeros beyond rows and inFeatures.
 *
 * @param x f32[rows, inFeatures]  @param tiles f32[ceil(rows / tileRows), paddedInputs / 4, tileRows, 4]
 */
export function layTiles(
  x: usize,
  tiles: usize,
  rows: usize,
  inFeatures: usize,
  paddedInputs: usize,
  tileRows: usize,
): void {
  const vectorBytes = tileRows << 4;
  for (let first: usize = 0; first < rows; first += tileRows) {
    for (let row: usize = 0; row < tileRows; row++) {
      const from = x + (first + row) * (inFeatures << 2);
      const filled = first + row < rows ? inFeatures : 0;
      let to = tiles + (row << 4);
      let input: usize = 0;
      for (; input + 4 <= filled; input += 4, to += vectorBytes) v128.store(to, v128.load(from + (input << 2)));
      for (; input < paddedInputs; input += 4, to += vectorBytes) {
        v128.store(to, f32x4.splat(0));
        for (let rest = input; rest < filled; rest++) store<f32>(to + ((rest - input) << 2), load<f32>(from + (rest << 2)));
      }
    }
    tiles += paddedInputs * tileRows << 2;
  }
}

/** The reverse for one tile: x[row] = the tile's values. */
function takeTile(tile: usize, x: usize, rows: usize, inFeatures: usize, tileRows: usize): void {
  for (let row: usize = 0; row < rows; row++) {
    let from = tile + (row << 4);
    let input: usize = 0;
    for (; input + 4 <= inFeatures; input += 4, from += tileRows << 4) v128.store(x + (input << 2), v128.load(from));
    for (let rest = input; rest < inFeatures; rest++) store<f32>(x + (rest << 2), load<f32>(from + ((rest - input) << 2)));
    x += inFeatures << 2;
  }
}

/**
 * y = clamp(x * weights + bias) for blocks of 16 outputs. One row at a time meets the codes as they become numbers; for
 * more rows the weights of a block become numbers once, and stay in the cache while all tiles meet them.
 *
 * @param tiles   of layTiles with tileRows rows, 1 or 6  @param y f32[rows, outFeatures]
 * @param codes   of QuantizedWeights  @param scales f32[groups]  @param zeros f32[groups]
 * @param starts  i32[outFeatures + 1]  @param columns i32[groups]  @param bias f32[outFeatures], or 0
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
  const lows = f32x4.splat(low);
  const highs = f32x4.splat(high);
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

// Lane i: the sum of the lanes of sum_i.
// @ts-ignore: decorator of AssemblyScript
@inline
function sumsOf(sum0: v128, sum1: v128, sum2: v128, sum3: v128): v128 {
  const even01 = f32x4.add(v128.shuffle<i32>(sum0, sum1, 0, 4, 1, 5), v128.shuffle<i32>(sum0, sum1, 2, 6, 3, 7));
  const even23 = f32x4.add(v128.shuffle<i32>(sum2, sum3, 0, 4, 1, 5), v128.shuffle<i32>(sum2, sum3, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<i64>(even01, even23, 0, 2), v128.shuffle<i64>(even01, even23, 1, 3));
}

// Codes 0 to 7 of the unit, as 16-bit numbers.
// @ts-ignore: decorator of AssemblyScript
@inline
function lowCodes(bits: i32, unit: usize): v128 {
  if (bits == 8) return v128.load8x8_u(unit);
  return v128.and(v128.load8x8_u(unit), i16x8.splat(15));
}

// Codes 8 to 15.
// @ts-ignore: decorator of AssemblyScript
@inline
function highCodes(bits: i32, unit: usize): v128 {
  if (bits == 8) return v128.load8x8_u(unit, 8);
  return i16x8.shr_u(v128.load8x8_u(unit), 4);
}

/**
 * dx = dy * transposed weights, of tiles of 4 rows.
 *
 * @param dy f32[rows, outFeatures]  @param dx f32[rows, inFeatures]
 * @param tiles f32[threads, paddedInputs / 4, 4, 4] scratch; the others as those of quantizedMatMul
 */
export function quantizedInputGradient(
  first: usize,
  end: usize,
  thread: usize,
  dy: usize,
  dx: usize,
  codes: usize,
  scales: usize,
  zeros: usize,
  starts: usize,
  columns: usize,
  tiles: usize,
  rows: usize,
  inFeatures: usize,
  paddedInputs: usize,
  outFeatures: usize,
  units: usize,
  bits: usize,
): void {
  const tile = tiles + thread * (paddedInputs << 4);
  for (let item = first; item < end; item++) {
    const count = min(4, rows - (item << 2));
    memory.fill(tile, 0, paddedInputs << 4);
    const dyTile = dy + (item << 2) * (outFeatures << 2);
    if (bits == 4) spreadTile(4, dyTile, tile, codes, scales, zeros, starts, columns, count, outFeatures, units);
    else spreadTile(8, dyTile, tile, codes, scales, zeros, starts, columns, count, outFeatures, units);
    takeTile(tile, dx + (item << 2) * (inFeatures << 2), count, inFeatures, 4);
  }
}

// tile += dy * transposed weights.
// @ts-ignore: decorator of AssemblyScript
@inline
function spreadTile(
  bits: i32,
  dy: usize,
  tile: usize,
  codes: usize,
  scales: usize,
  zeros: usize,
  starts: usize,
  columns: usize,
  rows: usize,
  outFeatures: usize,
  units: usize,
): void {
  const rowBytes = outFeatures << 2;
  let code = codes;
  for (let output: usize = 0; output < outFeatures; output++) {
    const at = dy + (output << 2);
    const dy0 = v128.load32_splat(at);
    const dy1 = rows > 1 ? v128.load32_splat(at + rowBytes) : f32x4.splat(0);
    const dy2 = rows > 2 ? v128.load32_splat(at + 2 * rowBytes) : f32x4.splat(0);
    const dy3 = rows > 3 ? v128.load32_splat(at + 3 * rowBytes) : f32x4.splat(0);
    const stop = load<u32>(starts + (output << 2), 4) as usize;
    for (let group = load<u32>(starts + (output << 2)) as usize; group < stop; group++) {
      const scale = v128.load32_splat(scales + (group << 2));
      const offset = f32x4.neg(f32x4.mul(scale, v128.load32_splat(zeros + (group << 2))));
      let to = tile + (load<u32>(columns + (group << 2)) as usize) * (units << 8);
      for (let unit: usize = 0; unit < units; unit++) {
        const low = lowCodes(bits, code);
        const high = highCodes(bits, code);
        spread(madd(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(low)), scale, offset), dy0, dy1, dy2, dy3, to);
        spread(madd(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(low)), scale, offset), dy0, dy1, dy2, dy3, to + 64);
        spread(madd(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(high)), scale, offset), dy0, dy1, dy2, dy3, to + 128);
        spread(madd(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(high)), scale, offset), dy0, dy1, dy2, dy3, to + 192);
        to += 256;
        code += bits << 1;
      }
    }
  }
}

// @ts-ignore: decorator of AssemblyScript
@inline
function spread(weights: v128, dy0: v128, dy1: v128, dy2: v128, dy3: v128, to: usize): void {
  v128.store(to, madd(weights, dy0, v128.load(to)));
  v128.store(to, madd(weights, dy1, v128.load(to, 16)), 16);
  v128.store(to, madd(weights, dy2, v128.load(to, 32)), 32);
  v128.store(to, madd(weights, dy3, v128.load(to, 48)), 48);
}

/**
 * products[group] = sum over the group of codes * (x^T * dy), and products[groups + group] without the codes.
 *
 * @param tiles of layTiles with 4 rows  @param dy f32[rows, outFeatures]  @param products f32[2, groups]
 */
export function quantizedGroupProducts(
  tiles: usize,
  dy: usize,
  codes: usize,
  starts: usize,
  columns: usize,
  products: usize,
  rows: usize,
  paddedInputs: usize,
  outFeatures: usize,
  units: usize,
  bits: usize,
  groups: usize,
): void {
  memory.fill(products, 0, groups << 3);
  if (bits == 4) addProducts(4, tiles, dy, codes, starts, columns, products, rows, paddedInputs, outFeatures, units, groups);
  else addProducts(8, tiles, dy, codes, starts, columns, products, rows, paddedInputs, outFeatures, units, groups);
}

// @ts-ignore: decorator of AssemblyScript
@inline
function addProducts(
  bits: i32,
  tile: usize,
  dy: usize,
  codes: usize,
  starts: usize,
  columns: usize,
  products: usize,
  rows: usize,
  paddedInputs: usize,
  outFeatures: usize,
  units: usize,
  groups: usize,
): void {
  const rowBytes = outFeatures << 2;
  for (let first: usize = 0; first < rows; first += 4) {
    let code = codes;
    for (let output: usize = 0; output < outFeatures; output++) {
      const at = dy + first * rowBytes + (output << 2);
      const dy0 = v128.load32_splat(at);
      const dy1 = first + 1 < rows ? v128.load32_splat(at + rowBytes) : f32x4.splat(0);
      const dy2 = first + 2 < rows ? v128.load32_splat(at + 2 * rowBytes) : f32x4.splat(0);
      const dy3 = first + 3 < rows ? v128.load32_splat(at + 3 * rowBytes) : f32x4.splat(0);
      const stop = load<u32>(starts + (output << 2), 4) as usize;
      for (let group = load<u32>(starts + (output << 2)) as usize; group < stop; group++) {
        let x = tile + (load<u32>(columns + (group << 2)) as usize) * (units << 8);
        let weighted = f32x4.splat(0);
        let plain = weighted;
        for (let unit: usize = 0; unit < units; unit++) {
          const low = lowCodes(bits, code);
          const high = highCodes(bits, code);
          let product = gathered(x, dy0, dy1, dy2, dy3);
          plain = f32x4.add(plain, product);
          weighted = madd(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(low)), product, weighted);
          product = gathered(x + 64, dy0, dy1, dy2, dy3);
          plain = f32x4.add(plain, product);
          weighted = madd(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(low)), product, weighted);
          product = gathered(x + 128, dy0, dy1, dy2, dy3);
          plain = f32x4.add(plain, product);
          weighted = madd(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(high)), product, weighted);
          product = gathered(x + 192, dy0, dy1, dy2, dy3);
          plain = f32x4.add(plain, product);
          weighted = madd(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(high)), product, weighted);
          x += 256;
          code += bits << 1;
        }
        const both = sumsOf(weighted, plain, plain, plain);
        const to = products + (group << 2);
        store<f32>(to, load<f32>(to) + f32x4.extract_lane(both, 0));
        store<f32>(to + (groups << 2), load<f32>(to + (groups << 2)) + f32x4.extract_lane(both, 1));
      }
    }
    tile += paddedInputs << 4;
  }
}

// @ts-ignore: decorator of AssemblyScript
@inline
function gathered(x: usize, dy0: v128, dy1: v128, dy2: v128, dy3: v128): v128 {
  const sum = madd(v128.load(x, 16), dy1, f32x4.mul(v128.load(x), dy0));
  return madd(v128.load(x, 48), dy3, madd(v128.load(x, 32), dy2, sum));
}
