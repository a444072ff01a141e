/**
 * Turns pairs of channels, `half` apart, by the angles of their site.
 *
 * @param first @param end rows  @param thread unused  @param x f32[rows, heads, axes, 2, half]
 * @param turns f32[rows, axes, half, 2]: cosine, sine  @param y like x  @param sign of the sines
 */
export function pointRope(
  first: usize,
  end: usize,
  thread: usize,
  x: usize,
  turns: usize,
  y: usize,
  heads: usize,
  axes: usize,
  half: usize,
  sign: f32,
): void {
  const channelBytes = (axes * half) << 3;
  const rowBytes = heads * channelBytes;
  for (let row = first; row < end; row++) {
    turnRow(x + row * rowBytes, turns + row * channelBytes, y + row * rowBytes, heads, axes, half << 2, sign);
  }
}

/**
 * The same in place, for rows of a list of sites.
 *
 * @param rows f32, `rowBytes` apart  @param turns f32[sites, channels]  @param list u32[count]
 */
export function pointRopeRows(
  rows: usize,
  rowBytes: usize,
  turns: usize,
  list: usize,
  count: usize,
  heads: usize,
  axes: usize,
  channels: usize,
): void {
  const halfBytes = (channels / axes) << 1;
  for (let i: usize = 0; i < count; i++) {
    const site = load<u32>(list + (i << 2)) as usize;
    const row = rows + i * rowBytes;
    turnRow(row, turns + site * (channels << 2), row, heads, axes, halfBytes, 1);
  }
}

function turnRow(x: usize, turns: usize, y: usize, heads: usize, axes: usize, halfBytes: usize, sign: f32): void {
  for (let head: usize = 0; head < heads; head++) {
    let turn = turns;
    for (let axis: usize = 0; axis < axes; axis++, x += halfBytes, y += halfBytes) {
      for (const end = x + halfBytes; x < end; x += 4, y += 4, turn += 8) {
        const cosine = load<f32>(turn), sine = sign * load<f32>(turn, 4);
        const u = load<f32>(x), v = load<f32>(x + halfBytes);
        store<f32>(y, u * cosine - v * sine);
        store<f32>(y + halfBytes, v * cosine + u * sine);
      }
    }
  }
}
