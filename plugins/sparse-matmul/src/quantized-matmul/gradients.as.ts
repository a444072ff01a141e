import { roundTotals } from '@tfjs-sparse/core/src/assembly/long-sums.as';
import { madd } from '@tfjs-sparse/core/src/assembly/simd.as';
import { highCodes, lowCodes, sumsOf } from './codes.as';
import { takeTile } from './tiles.as';

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
 * weighted[group] = sum over the group of codes * (x^T * dy), and plain[group] without the codes. Sums of 4 rows are
 * float32, those over the rows float64.
 *
 * @param tiles of layTiles with 4 rows  @param dy f32[rows, outFeatures]  @param weighted f32[groups]  @param plain f32[groups]
 * @param totals f64[2, groups] scratch
 */
export function quantizedGroupProducts(
  tiles: usize,
  dy: usize,
  codes: usize,
  starts: usize,
  columns: usize,
  weighted: usize,
  plain: usize,
  totals: usize,
  rows: usize,
  paddedInputs: usize,
  outFeatures: usize,
  units: usize,
  bits: usize,
  groups: usize,
): void {
  const plainTotals = totals + (groups << 3);
  memory.fill(totals, 0, groups << 4);
  if (bits == 4) addProducts(4, tiles, dy, codes, starts, columns, totals, plainTotals, rows, paddedInputs, outFeatures, units);
  else addProducts(8, tiles, dy, codes, starts, columns, totals, plainTotals, rows, paddedInputs, outFeatures, units);
  roundTotals(totals, 1, weighted, groups);
  roundTotals(plainTotals, 1, plain, groups);
}

// toWeighted and toPlain f64[groups] += the sums.
// @ts-ignore: decorator of AssemblyScript
@inline
function addProducts(
  bits: i32,
  tile: usize,
  dy: usize,
  codes: usize,
  starts: usize,
  columns: usize,
  toWeighted: usize,
  toPlain: usize,
  rows: usize,
  paddedInputs: usize,
  outFeatures: usize,
  units: usize,
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
        const at = group << 3;
        store<f64>(toWeighted + at, load<f64>(toWeighted + at) + (f32x4.extract_lane(both, 0) as f64));
        store<f64>(toPlain + at, load<f64>(toPlain + at) + (f32x4.extract_lane(both, 1) as f64));
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
