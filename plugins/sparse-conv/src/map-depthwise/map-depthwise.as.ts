import { finishSums } from '@tfjs-sparse/core/src/assembly/epilogue.as';
import { moveToTotals, roundTotals } from '@tfjs-sparse/core/src/assembly/long-sums.as';
import { madd } from '@tfjs-sparse/core/src/assembly/simd.as';

/**
 * y[out] = bias + residual[out] + sum over offsets k and pairs (in, out) of k of x[in] * filter[k], channel by channel,
 * tile by tile of output sites, so that the rows of y stay in the cache while every offset adds to them; then limited to
 * low..high.
 *
 * @param x       f32[inSites, channels]
 * @param y       f32[outSites, channels]
 * @param left    i32[]  @param right i32[]  pair columns
 * @param tiles   i32[tileCount, offsets, 2] first pair and pair count of each tile and offset
 * @param swapped i32[offsets] 0: left is the input column, 1: right is
 * @param identityOffset offset whose pairs are (i, i) for every site, or -1
 * @param filter  f32[offsets, channels]
 * @param bias    f32[channels]
 * @param residual f32[outSites, channels], or 0 for none
 */
export function mapDepthwise(
  x: usize,
  y: usize,
  left: usize,
  right: usize,
  tiles: usize,
  swapped: usize,
  offsets: usize,
  tileSites: usize,
  outSites: usize,
  identityOffset: i32,
  filter: usize,
  bias: usize,
  residual: usize,
  low: f32,
  high: f32,
  channels: usize,
): void {
  const rowBytes = channels << 2;
  for (let first: usize = 0; first < outSites; first += tileSites) {
    const end = min(first + tileSites, outSites);
    if (identityOffset >= 0) {
      scaleRows(x, y, first, end, filter + (identityOffset as usize) * rowBytes, bias, rowBytes);
    } else {
      for (let site = first; site < end; site++) memory.copy(y + site * rowBytes, bias, rowBytes);
    }
    for (let offset: usize = 0; offset < offsets; offset++) {
      const count = load<i32>(tiles, 4) as usize;
      if (count > 0) {
        const start = (load<i32>(tiles) as usize) << 2;
        const isSwapped = load<i32>(swapped + (offset << 2)) != 0;
        const input = (isSwapped ? right : left) + start;
        const output = (isSwapped ? left : right) + start;
        addScaledRows(x, y, input, output, count, filter + offset * rowBytes, rowBytes);
      }
      tiles += 8;
    }
    const firstByte = first * rowBytes;
    const from = residual != 0 ? residual + firstByte : 0;
    finishSums(y + firstByte, from, (end - first) * channels, low, high);
  }
}

/** y[site] = bias + x[site] * weights for first <= site < end. */
function scaleRows(x: usize, y: usize, first: usize, end: usize, weights: usize, bias: usize, rowBytes: usize): void {
  let byte: usize = 0;
  for (; byte + 16 <= rowBytes; byte += 16) {
    const weight = v128.load(weights + byte);
    const start = v128.load(bias + byte);
    for (let row = first * rowBytes + byte; row < end * rowBytes; row += rowBytes) {
      v128.store(y + row, madd(v128.load(x + row), weight, start));
    }
  }
  for (; byte < rowBytes; byte += 4) {
    const weight = v128.load32_zero(weights + byte);
    const start = v128.load32_zero(bias + byte);
    for (let row = first * rowBytes + byte; row < end * rowBytes; row += rowBytes) {
      v128.store_lane<f32>(y + row, madd(v128.load32_zero(x + row), weight, start), 0);
    }
  }
}

/** y[output[i]] += x[input[i]] * weights for i < count; 16 channels at a time, whose weights stay in registers. */
function addScaledRows(
  x: usize,
  y: usize,
  input: usize,
  output: usize,
  count: usize,
  weights: usize,
  rowBytes: usize,
): void {
  const pairBytes = count << 2;
  let byte: usize = 0;
  for (; byte + 64 <= rowBytes; byte += 64) {
    const weight0 = v128.load(weights + byte);
    const weight1 = v128.load(weights + byte, 16);
    const weight2 = v128.load(weights + byte, 32);
    const weight3 = v128.load(weights + byte, 48);
    for (let pair: usize = 0; pair < pairBytes; pair += 4) {
      const from = x + (load<u32>(input + pair) as usize) * rowBytes + byte;
      const to = y + (load<u32>(output + pair) as usize) * rowBytes + byte;
      v128.store(to, madd(v128.load(from), weight0, v128.load(to)));
      v128.store(to, madd(v128.load(from, 16), weight1, v128.load(to, 16)), 16);
      v128.store(to, madd(v128.load(from, 32), weight2, v128.load(to, 32)), 32);
      v128.store(to, madd(v128.load(from, 48), weight3, v128.load(to, 48)), 48);
    }
  }
  for (; byte + 16 <= rowBytes; byte += 16) {
    const weight = v128.load(weights + byte);
    for (let pair: usize = 0; pair < pairBytes; pair += 4) {
      const from = x + (load<u32>(input + pair) as usize) * rowBytes + byte;
      const to = y + (load<u32>(output + pair) as usize) * rowBytes + byte;
      v128.store(to, madd(v128.load(from), weight, v128.load(to)));
    }
  }
  for (; byte < rowBytes; byte += 4) {
    const weight = v128.load32_zero(weights + byte);
    for (let pair: usize = 0; pair < pairBytes; pair += 4) {
      const from = x + (load<u32>(input + pair) as usize) * rowBytes + byte;
      const to = y + (load<u32>(output + pair) as usize) * rowBytes + byte;
      v128.store_lane<f32>(to, madd(v128.load32_zero(from), weight, v128.load32_zero(to)), 0);
    }
  }
}

/**
 * dFilter[k] = sum over the pairs (in, out) of offset k of x[in] * dy[out], channel by channel; pairs in tile order. Sums
 * of a tile are float32, those over the tiles float64. Parameters as mapDepthwise.
 *
 * @param dy      f32[outSites, channels]
 * @param dFilter f32[offsets, channels]
 * @param totals  f64[offsets, channels] scratch
 */
export function mapDepthwiseFilterGradient(
  x: usize,
  dy: usize,
  dFilter: usize,
  totals: usize,
  left: usize,
  right: usize,
  tiles: usize,
  swapped: usize,
  offsets: usize,
  tileSites: usize,
  outSites: usize,
  identityOffset: i32,
  channels: usize,
): void {
  const rowBytes = channels << 2;
  const elements = offsets * channels;
  memory.fill(dFilter, 0, elements << 2);
  memory.fill(totals, 0, elements << 3);
  for (let first: usize = 0; first < outSites; first += tileSites) {
    for (let offset: usize = 0; offset < offsets; offset++) {
      const sums = dFilter + offset * rowBytes;
      const count = load<i32>(tiles, 4) as usize;
      if ((offset as i32) == identityOffset) {
        const rows = min(tileSites, outSites - first);
        addEqualRows(x + first * rowBytes, dy + first * rowBytes, rows * rowBytes, sums, rowBytes);
      } else if (count > 0) {
        const start = (load<i32>(tiles) as usize) << 2;
        const isSwapped = load<i32>(swapped + (offset << 2)) != 0;
        const input = (isSwapped ? right : left) + start;
        const output = (isSwapped ? left : right) + start;
        addPairedRows(x, dy, input, output, count, sums, rowBytes);
      }
      tiles += 8;
    }
    moveToTotals(dFilter, totals, elements);
  }
  roundTotals(totals, 1, dFilter, elements);
}

/** sums += sum of x[i] * dy[i] over rows that take `bytes`. */
function addEqualRows(x: usize, dy: usize, bytes: usize, sums: usize, rowBytes: usize): void {
  let byte: usize = 0;
  for (; byte + 16 <= rowBytes; byte += 16) {
    let sum = v128.load(sums + byte);
    for (let row = byte; row < bytes; row += rowBytes) sum = madd(v128.load(x + row), v128.load(dy + row), sum);
    v128.store(sums + byte, sum);
  }
  for (; byte < rowBytes; byte += 4) {
    let sum = v128.load32_zero(sums + byte);
    for (let row = byte; row < bytes; row += rowBytes) {
      sum = madd(v128.load32_zero(x + row), v128.load32_zero(dy + row), sum);
    }
    v128.store_lane<f32>(sums + byte, sum, 0);
  }
}

/** sums += sum of x[input[i]] * dy[output[i]] for i < count; 16 channels at a time, whose sums stay in registers. */
function addPairedRows(
  x: usize,
  dy: usize,
  input: usize,
  output: usize,
  count: usize,
  sums: usize,
  rowBytes: usize,
): void {
  const pairBytes = count << 2;
  let byte: usize = 0;
  for (; byte + 64 <= rowBytes; byte += 64) {
    const block = sums + byte;
    let sum0 = v128.load(block);
    let sum1 = v128.load(block, 16);
    let sum2 = v128.load(block, 32);
    let sum3 = v128.load(block, 48);
    for (let pair: usize = 0; pair < pairBytes; pair += 4) {
      const from = x + (load<u32>(input + pair) as usize) * rowBytes + byte;
      const by = dy + (load<u32>(output + pair) as usize) * rowBytes + byte;
      sum0 = madd(v128.load(from), v128.load(by), sum0);
      sum1 = madd(v128.load(from, 16), v128.load(by, 16), sum1);
      sum2 = madd(v128.load(from, 32), v128.load(by, 32), sum2);
      sum3 = madd(v128.load(from, 48), v128.load(by, 48), sum3);
    }
    v128.store(block, sum0);
    v128.store(block, sum1, 16);
    v128.store(block, sum2, 32);
    v128.store(block, sum3, 48);
  }
  for (; byte + 16 <= rowBytes; byte += 16) {
    let sum = v128.load(sums + byte);
    for (let pair: usize = 0; pair < pairBytes; pair += 4) {
      const from = x + (load<u32>(input + pair) as usize) * rowBytes + byte;
      const by = dy + (load<u32>(output + pair) as usize) * rowBytes + byte;
      sum = madd(v128.load(from), v128.load(by), sum);
    }
    v128.store(sums + byte, sum);
  }
  for (; byte < rowBytes; byte += 4) {
    let sum = v128.load32_zero(sums + byte);
    for (let pair: usize = 0; pair < pairBytes; pair += 4) {
      const from = x + (load<u32>(input + pair) as usize) * rowBytes + byte;
      const by = dy + (load<u32>(output + pair) as usize) * rowBytes + byte;
      sum = madd(v128.load32_zero(from), v128.load32_zero(by), sum);
    }
    v128.store_lane<f32>(sums + byte, sum, 0);
  }
}
