/** dx = dy where low < y < high, otherwise 0. @param dy f32[count]  @param y f32[count]  @param dx f32[count] */
export function clampGradient(dy: usize, y: usize, dx: usize, count: usize, low: f32, high: f32): void {
  const end = dx + (count << 2);
  const low4 = f32x4.splat(low);
  const high4 = f32x4.splat(high);
  for (; dx + 16 <= end; dx += 16, dy += 16, y += 16) {
    const values = v128.load(y);
    const isInside = v128.and(f32x4.gt(values, low4), f32x4.lt(values, high4));
    v128.store(dx, v128.and(v128.load(dy), isInside));
  }
  for (; dx < end; dx += 4, dy += 4, y += 4) {
    const value = load<f32>(y);
    store<f32>(dx, value > low && value < high ? load<f32>(dy) : 0);
  }
}
