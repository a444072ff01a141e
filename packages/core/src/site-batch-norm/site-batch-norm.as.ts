import { addColumnProducts, addColumns, foldTotals } from '../assembly/column-sums.as';

// Four consecutive rows hold `channels` vectors of four floats, whatever the number of channels. Values per channel are
// repeated four times ("tiled") to line up with them, so no kernel has a remainder within a row.

/**
 * Mean and biased variance per channel, in two passes; zeros without sites.
 *
 * @param x f32[sites, channels]  @param means f32[channels]  @param variances f32[channels]
 * @param scratch 64 bytes per channel
 */
export function siteMoments(
  x: usize,
  means: usize,
  variances: usize,
  scratch: usize,
  sites: usize,
  channels: usize,
): void {
  memory.fill(means, 0, channels << 2);
  memory.fill(variances, 0, channels << 2);
  if (sites == 0) return;
  const totals = scratch;
  const tiledMean = scratch + (channels << 5);
  memory.fill(totals, 0, channels << 5);
  addColumns(x, sites, channels, totals);
  for (let channel: usize = 0; channel < channels; channel++) {
    const mean = (foldTotals(totals, channel, channels) / (sites as f64)) as f32;
    store<f32>(means + (channel << 2), mean);
    tile(tiledMean, channel, channels, mean);
  }
  memory.fill(totals, 0, channels << 5);
  addColumnProducts(x, tiledMean, x, tiledMean, sites, channels, totals);
  for (let channel: usize = 0; channel < channels; channel++) {
    const variance = foldTotals(totals, channel, channels) / (sites as f64);
    store<f32>(variances + (channel << 2), variance as f32);
  }
}

/**
 * y = (x - mean) / sqrt(variance + epsilon) * scale + offset.
 *
 * @param x f32[sites, channels]  @param mean f32[channels]  @param variance f32[channels]
 * @param scale f32[channels]  @param offset f32[channels]  @param y f32[sites, channels]  @param scratch 64 bytes per channel
 */
export function siteNormalize(
  x: usize,
  mean: usize,
  variance: usize,
  scale: usize,
  offset: usize,
  y: usize,
  scratch: usize,
  sites: usize,
  channels: usize,
  epsilon: f32,
): void {
  const groupBytes = channels << 4;
  const means = scratch;
  const slopes = means + groupBytes;
  const offsets = slopes + groupBytes;
  for (let channel: usize = 0; channel < channels; channel++) {
    const byte = channel << 2;
    tile(means, channel, channels, load<f32>(mean + byte));
    tile(slopes, channel, channels, load<f32>(scale + byte) * inverseDeviation(variance, channel, epsilon));
    tile(offsets, channel, channels, load<f32>(offset + byte));
  }
  for (let rows = sites >> 2; rows > 0; rows--) {
    for (let byte: usize = 0; byte < groupBytes; byte += 16) {
      const centred = f32x4.sub(v128.load(x + byte), v128.load(means + byte));
      const scaled = f32x4.mul(centred, v128.load(slopes + byte));
      v128.store(y + byte, f32x4.add(scaled, v128.load(offsets + byte)));
    }
    x += groupBytes;
    y += groupBytes;
  }
  const tailBytes = (sites & 3) * (channels << 2);
  for (let byte: usize = 0; byte < tailBytes; byte += 4) {
    const centred = load<f32>(x + byte) - load<f32>(means + byte);
    store<f32>(y + byte, centred * load<f32>(slopes + byte) + load<f32>(offsets + byte));
  }
}

/**
 * Sums over sites of dy, then of dy * (x - mean) / sqrt(variance + epsilon).
 *
 * @param dy f32[sites, channels]  @param x f32[sites, channels]  @param mean f32[channels]  @param variance f32[channels]
 * @param sums f32[channels]  @param products f32[channels]  @param scratch 64 bytes per channel
 */
export function siteNormalizeSums(
  dy: usize,
  x: usize,
  mean: usize,
  variance: usize,
  sums: usize,
  products: usize,
  scratch: usize,
  sites: usize,
  channels: usize,
  epsilon: f32,
): void {
  const totals = scratch;
  const zeros = scratch + (channels << 5);
  const tiledMean = zeros + (channels << 4);
  memory.fill(totals, 0, channels << 5);
  addColumns(dy, sites, channels, totals);
  for (let channel: usize = 0; channel < channels; channel++) {
    store<f32>(sums + (channel << 2), foldTotals(totals, channel, channels) as f32);
    tile(tiledMean, channel, channels, load<f32>(mean + (channel << 2)));
  }
  memory.fill(totals, 0, channels << 5);
  memory.fill(zeros, 0, channels << 4);
  addColumnProducts(dy, zeros, x, tiledMean, sites, channels, totals);
  for (let channel: usize = 0; channel < channels; channel++) {
    const product = foldTotals(totals, channel, channels) as f32;
    store<f32>(products + (channel << 2), product * inverseDeviation(variance, channel, epsilon));
  }
}

/**
 * Gradient to x through y and through the moments.
 *
 * @param dy f32[sites, channels]  @param x f32[sites, channels]  @param mean f32[channels]  @param variance f32[channels]
 * @param scale f32[channels]  @param sums f32[channels]  @param products f32[channels]  of siteNormalizeSums
 * @param dx f32[sites, channels]
 * @param scratch 64 bytes per channel
 */
export function siteBatchNormGradient(
  dy: usize,
  x: usize,
  mean: usize,
  variance: usize,
  scale: usize,
  sums: usize,
  products: usize,
  dx: usize,
  scratch: usize,
  sites: usize,
  channels: usize,
  epsilon: f32,
): void {
  const groupBytes = channels << 4;
  const means = scratch;
  const meansOfDy = means + groupBytes;
  const meansOfProduct = meansOfDy + groupBytes; // of dy times normalized x, already divided by the deviation
  const slopes = meansOfProduct + groupBytes;
  for (let channel: usize = 0; channel < channels; channel++) {
    const byte = channel << 2;
    const inverse = inverseDeviation(variance, channel, epsilon);
    tile(means, channel, channels, load<f32>(mean + byte));
    tile(meansOfDy, channel, channels, load<f32>(sums + byte) / (sites as f32));
    const meanOfProduct = load<f32>(products + byte) / (sites as f32);
    tile(meansOfProduct, channel, channels, meanOfProduct * inverse);
    tile(slopes, channel, channels, load<f32>(scale + byte) * inverse);
  }
  for (let rows = sites >> 2; rows > 0; rows--) {
    for (let byte: usize = 0; byte < groupBytes; byte += 16) {
      const centred = f32x4.sub(v128.load(x + byte), v128.load(means + byte));
      const centredDy = f32x4.sub(v128.load(dy + byte), v128.load(meansOfDy + byte));
      const remaining = f32x4.sub(centredDy, f32x4.mul(centred, v128.load(meansOfProduct + byte)));
      v128.store(dx + byte, f32x4.mul(remaining, v128.load(slopes + byte)));
    }
    dy += groupBytes;
    x += groupBytes;
    dx += groupBytes;
  }
  const tailBytes = (sites & 3) * (channels << 2);
  for (let byte: usize = 0; byte < tailBytes; byte += 4) {
    const throughMoments =
      load<f32>(meansOfDy + byte) + (load<f32>(x + byte) - load<f32>(means + byte)) * load<f32>(meansOfProduct + byte);
    store<f32>(dx + byte, (load<f32>(dy + byte) - throughMoments) * load<f32>(slopes + byte));
  }
}

// Stores `value` for a channel of four rows. @param tiled f32[4, channels]
@inline
function tile(tiled: usize, channel: usize, channels: usize, value: f32): void {
  for (let row: usize = 0; row < 4; row++) store<f32>(tiled + ((row * channels + channel) << 2), value);
}

// @param variance f32[channels]
@inline
function inverseDeviation(variance: usize, channel: usize, epsilon: f32): f32 {
  return 1 / Mathf.sqrt(load<f32>(variance + (channel << 2)) + epsilon);
}
