import { madd } from '@tfjs-sparse/core/src/assembly/simd.as';

// Sums of a row are those of four lanes, and of what is left behind the last four channels.

// @ts-ignore: decorator of AssemblyScript
@inline
function sumOfLanes(sums: v128): f32 {
  const two = f32x4.add(sums, v128.shuffle<i32>(sums, sums, 2, 3, 0, 1));
  return f32x4.extract_lane(two, 0) + f32x4.extract_lane(two, 1);
}

/**
 * Normalises rows over their channels.
 *
 * @param first @param end rows  @param thread unused  @param x f32[rows, channels]  @param scale f32[channels]
 * @param offset f32[channels]  @param y f32[rows, channels]  @param statistics f32[rows, 2]: mean, 1 / sqrt(variance + epsilon)
 */
export function layerNorm(
  first: usize,
  end: usize,
  thread: usize,
  x: usize,
  scale: usize,
  offset: usize,
  y: usize,
  statistics: usize,
  channels: usize,
  epsilon: f32,
): void {
  const bytes = channels << 2;
  const whole = bytes & ~15;
  for (let row = first; row < end; row++) {
    const from = x + row * bytes, to = y + row * bytes;
    let sums = f32x4.splat(0);
    for (let byte: usize = 0; byte < whole; byte += 16) sums = f32x4.add(sums, v128.load(from + byte));
    let sum = sumOfLanes(sums);
    for (let byte = whole; byte < bytes; byte += 4) sum += load<f32>(from + byte);
    const mean = sum / (channels as f32);
    const mean4 = f32x4.splat(mean);
    sums = f32x4.splat(0);
    for (let byte: usize = 0; byte < whole; byte += 16) {
      const difference = f32x4.sub(v128.load(from + byte), mean4);
      sums = madd(difference, difference, sums);
    }
    sum = sumOfLanes(sums);
    for (let byte = whole; byte < bytes; byte += 4) {
      const difference = load<f32>(from + byte) - mean;
      sum += difference * difference;
    }
    const factor: f32 = 1 / sqrt<f32>(sum / (channels as f32) + epsilon);
    const factor4 = f32x4.splat(factor);
    for (let byte: usize = 0; byte < whole; byte += 16) {
      const normalised = f32x4.mul(f32x4.sub(v128.load(from + byte), mean4), factor4);
      v128.store(to + byte, madd(normalised, v128.load(scale + byte), v128.load(offset + byte)));
    }
    for (let byte = whole; byte < bytes; byte += 4) {
      store<f32>(to + byte, (load<f32>(from + byte) - mean) * factor * load<f32>(scale + byte) + load<f32>(offset + byte));
    }
    store<f32>(statistics + (row << 3), mean);
    store<f32>(statistics + (row << 3), factor, 4);
  }
}

/**
 * Gradients of layerNorm.
 *
 * @param first @param end rows  @param thread unused  @param x @param dy f32[rows, channels]  @param scale f32[channels]
 * @param statistics f32[rows, 2]  @param dx f32[rows, channels]  @param ofScale f32[rows, channels]
 */
export function layerNormGradient(
  first: usize,
  end: usize,
  thread: usize,
  x: usize,
  scale: usize,
  statistics: usize,
  dy: usize,
  dx: usize,
  ofScale: usize,
  channels: usize,
): void {
  const bytes = channels << 2;
  const whole = bytes & ~15;
  const share: f32 = 1 / (channels as f32);
  for (let row = first; row < end; row++) {
    const start = row * bytes;
    const mean = load<f32>(statistics + (row << 3)), factor = load<f32>(statistics + (row << 3), 4);
    const mean4 = f32x4.splat(mean), factor4 = f32x4.splat(factor);
    let sums = f32x4.splat(0), products = f32x4.splat(0);
    for (let byte: usize = 0; byte < whole; byte += 16) {
      const normalised = f32x4.mul(f32x4.sub(v128.load(x + start + byte), mean4), factor4);
      const given = v128.load(dy + start + byte);
      const scaled = f32x4.mul(given, v128.load(scale + byte));
      v128.store(ofScale + start + byte, f32x4.mul(given, normalised));
      sums = f32x4.add(sums, scaled);
      products = madd(scaled, normalised, products);
    }
    let sum = sumOfLanes(sums), product = sumOfLanes(products);
    for (let byte = whole; byte < bytes; byte += 4) {
      const normalised = (load<f32>(x + start + byte) - mean) * factor;
      const given = load<f32>(dy + start + byte);
      const scaled = given * load<f32>(scale + byte);
      store<f32>(ofScale + start + byte, given * normalised);
      sum += scaled;
      product += scaled * normalised;
    }
    sum *= share;
    product *= share;
    const sum4 = f32x4.splat(sum), product4 = f32x4.splat(product);
    for (let byte: usize = 0; byte < whole; byte += 16) {
      const normalised = f32x4.mul(f32x4.sub(v128.load(x + start + byte), mean4), factor4);
      const scaled = f32x4.sub(f32x4.mul(v128.load(dy + start + byte), v128.load(scale + byte)), sum4);
      v128.store(dx + start + byte, f32x4.mul(factor4, f32x4.sub(scaled, f32x4.mul(normalised, product4))));
    }
    for (let byte = whole; byte < bytes; byte += 4) {
      const normalised = (load<f32>(x + start + byte) - mean) * factor;
      const scaled = load<f32>(dy + start + byte) * load<f32>(scale + byte);
      store<f32>(dx + start + byte, factor * (scaled - sum - normalised * product));
    }
  }
}
