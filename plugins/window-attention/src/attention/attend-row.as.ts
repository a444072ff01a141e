import { exp2x4 } from '@tfjs-sparse/core/src/assembly/exp2.as';
import { log2x4 } from '@tfjs-sparse/core/src/assembly/log2.as';
import { madd } from '@tfjs-sparse/core/src/assembly/simd.as';

// Attention of one query, whose keys and values are read where they are: to lay them out would cost more than to use them.

/** Bytes that attendRow needs. */
export function attendRowScratch(keys: usize): usize {
  return (((keys + 3) & ~3) << 3) + 64;
}

/**
 * @param q f32[channels]  @param k f32[keys, channels]  @param v f32[keys, valueChannels]
 * @param segment @param segmentsEnd i32[.., 3] of attention-plan.ts  @param bits u32[]  @param query 0 to 7, in its panel
 * @param y f32[valueChannels]  @param logSumExp f32[1]  @param scratch attendRowScratch bytes
 */
export function attendRow(
  q: usize,
  k: usize,
  v: usize,
  segment: usize,
  segmentsEnd: usize,
  bits: usize,
  query: usize,
  keys: usize,
  channels: usize,
  valueChannels: usize,
  scale: f32,
  y: usize,
  logSumExp: usize,
  scratch: usize,
): void {
  const scores = (scratch + 15) & ~15;
  const rows = scores + (((keys + 3) & ~3) << 2); // where the values of each key that is seen begin
  const bit = 1 << (query as i32);
  let count: usize = 0;
  for (; segment < segmentsEnd; segment += 12) {
    const first = (load<u32>(segment) as usize) << 2;
    const end = min(first + ((load<u32>(segment, 4) as usize) << 2), keys);
    const word = load<i32>(segment, 8);
    const bytes: usize = word < 0 ? 0 : bits + ((word as usize) << 2);
    for (let key = first; key < end; key++) {
      if (bytes != 0 && ((load<u8>(bytes + key - first) as i32) & bit) == 0) continue;
      store<f32>(scores + (count << 2), dot(q, k + key * (channels << 2), channels) * scale * 1.4426950408889634); // 1 / ln 2
      store<u32>(rows + (count << 2), (v + key * (valueChannels << 2)) as u32);
      count++;
    }
  }
  const sum = makePowers(scores, count, logSumExp);
  const factor: f32 = count == 0 ? 0 : 1 / sum;
  let channel: usize = 0;
  for (; channel + 16 <= valueChannels; channel += 16) addSixteen(scores, rows, count, channel << 2, factor, y);
  for (; channel < valueChannels; channel++) {
    let total: f32 = 0;
    for (let i: usize = 0; i < count << 2; i += 4) total += load<f32>(scores + i) * load<f32>((load<u32>(rows + i) as usize) + (channel << 2));
    store<f32>(y + (channel << 2), total * factor);
  }
}

function dot(a: usize, b: usize, channels: usize): f32 {
  let sum0 = f32x4.splat(0), sum1 = f32x4.splat(0);
  let byte: usize = 0;
  const bytes = channels << 2;
  for (; byte + 32 <= bytes; byte += 32) {
    sum0 = madd(v128.load(a + byte), v128.load(b + byte), sum0);
    sum1 = madd(v128.load(a + byte, 16), v128.load(b + byte, 16), sum1);
  }
  sum0 = f32x4.add(sum0, sum1);
  let sum = f32x4.extract_lane(sum0, 0) + f32x4.extract_lane(sum0, 1) + f32x4.extract_lane(sum0, 2) + f32x4.extract_lane(sum0, 3);
  for (; byte < bytes; byte += 4) sum += load<f32>(a + byte) * load<f32>(b + byte);
  return sum;
}

/** Powers come to stand in the place of the scores. @returns their sum */
function makePowers(scores: usize, count: usize, logSumExp: usize): f32 {
  let most: f32 = -Infinity;
  for (let i: usize = 0; i < count; i++) most = max(most, load<f32>(scores + (i << 2)));
  for (let i = count; i < ((count + 3) & ~3); i++) store<f32>(scores + (i << 2), -Infinity);
  const reference = f32x4.splat(max<f32>(most, -f32.MAX_VALUE));
  let sums = f32x4.splat(0);
  for (let i: usize = 0; i < count; i += 4) {
    const powers = exp2x4(f32x4.sub(v128.load(scores + (i << 2)), reference));
    v128.store(scores + (i << 2), powers);
    sums = f32x4.add(sums, powers);
  }
  const sum = f32x4.extract_lane(sums, 0) + f32x4.extract_lane(sums, 1) + f32x4.extract_lane(sums, 2) + f32x4.extract_lane(sums, 3);
  store<f32>(logSumExp, (most + f32x4.extract_lane(log2x4(f32x4.splat(sum)), 0)) * 0.6931471805599453);
  return sum;
}

function addSixteen(powers: usize, rows: usize, count: usize, byte: usize, factor: f32, y: usize): void {
  let sum0 = f32x4.splat(0), sum1 = f32x4.splat(0), sum2 = f32x4.splat(0), sum3 = f32x4.splat(0);
  for (let i: usize = 0; i < count << 2; i += 4) {
    const power = v128.load32_splat(powers + i);
    const row = (load<u32>(rows + i) as usize) + byte;
    sum0 = madd(power, v128.load(row), sum0);
    sum1 = madd(power, v128.load(row, 16), sum1);
    sum2 = madd(power, v128.load(row, 32), sum2);
    sum3 = madd(power, v128.load(row, 48), sum3);
  }
  const factors = f32x4.splat(factor);
  v128.store(y + byte, f32x4.mul(sum0, factors));
  v128.store(y + byte, f32x4.mul(sum1, factors), 16);
  v128.store(y + byte, f32x4.mul(sum2, factors), 32);
  v128.store(y + byte, f32x4.mul(sum3, factors), 48);
}
