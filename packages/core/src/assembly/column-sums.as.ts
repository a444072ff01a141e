// Sums over rows, in float32 within a block of rows and in float64 over the blocks. Four rows make a group; its totals
// are kept apart, `f64[4, channels]`, so that columns are added four at a time for any number of channels.

// A block of 64 rows: 16 float32 additions in a row keep sums accurate to 1e-6, and the block stays in the L1 cache.
const groupsPerBlock: usize = 16;

/**
 * The total of a channel.
 *
 * @param totals f64[4, channels]
 */
export function foldTotals(totals: usize, channel: usize, channels: usize): f64 {
  let total: f64 = 0;
  for (let row: usize = 0; row < 4; row++) total += load<f64>(totals + ((row * channels + channel) << 3));
  return total;
}

/**
 * Adds the rows of x to the totals.
 *
 * @param x f32[rows, channels]  @param totals f64[4, channels]
 */
export function addColumns(x: usize, rows: usize, channels: usize, totals: usize): void {
  const groupBytes = channels << 4;
  for (let groups = rows >> 2; groups > 0; ) {
    const blockGroups = min(groups, groupsPerBlock);
    for (let byte: usize = 0; byte < groupBytes; byte += 16) {
      let sum = f32x4.splat(0);
      for (let group: usize = 0, at = x + byte; group < blockGroups; group++, at += groupBytes) {
        sum = f32x4.add(sum, v128.load(at));
      }
      addToTotals(totals + (byte << 1), sum);
    }
    x += blockGroups * groupBytes;
    groups -= blockGroups;
  }
  const tailValues = (rows & 3) * channels;
  for (let i: usize = 0; i < tailValues; i++) addToTotal(totals + (i << 3), load<f32>(x + (i << 2)));
}

/**
 * Adds (a - meanOfA) * (b - meanOfB) to the totals.
 *
 * @param a f32[rows, channels]  @param meanOfA f32[4, channels]
 * @param b f32[rows, channels]  @param meanOfB f32[4, channels]  @param totals f64[4, channels]
 */
export function addColumnProducts(
  a: usize,
  meanOfA: usize,
  b: usize,
  meanOfB: usize,
  rows: usize,
  channels: usize,
  totals: usize,
): void {
  const groupBytes = channels << 4;
  for (let groups = rows >> 2; groups > 0; ) {
    const blockGroups = min(groups, groupsPerBlock);
    for (let byte: usize = 0; byte < groupBytes; byte += 16) {
      const centreOfA = v128.load(meanOfA + byte);
      const centreOfB = v128.load(meanOfB + byte);
      let sum = f32x4.splat(0);
      for (let group: usize = 0, at = byte; group < blockGroups; group++, at += groupBytes) {
        const product = f32x4.mul(f32x4.sub(v128.load(a + at), centreOfA), f32x4.sub(v128.load(b + at), centreOfB));
        sum = f32x4.add(sum, product);
      }
      addToTotals(totals + (byte << 1), sum);
    }
    a += blockGroups * groupBytes;
    b += blockGroups * groupBytes;
    groups -= blockGroups;
  }
  const tailValues = (rows & 3) * channels;
  for (let i: usize = 0, byte: usize = 0; i < tailValues; i++, byte += 4) {
    const product = (load<f32>(a + byte) - load<f32>(meanOfA + byte)) * (load<f32>(b + byte) - load<f32>(meanOfB + byte));
    addToTotal(totals + (i << 3), product);
  }
}

@inline
function addToTotals(totals: usize, sum: v128): void {
  v128.store(totals, f64x2.add(v128.load(totals), f64x2.promote_low_f32x4(sum)));
  const upper = v128.shuffle<u64>(sum, sum, 1, 1);
  v128.store(totals, f64x2.add(v128.load(totals, 16), f64x2.promote_low_f32x4(upper)), 16);
}

@inline
function addToTotal(total: usize, value: f32): void {
  store<f64>(total, load<f64>(total) + (value as f64));
}
