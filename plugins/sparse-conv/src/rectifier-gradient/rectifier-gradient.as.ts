/** dx = dy where y > 0, otherwise 0. @param dy f32[count]  @param y f32[count]  @param dx f32[count] */
export function rectifierGradient(dy: usize, y: usize, dx: usize, count: usize): void {
  const end = dx + (count << 2);
  const zero = f32x4.splat(0);
  for (; dx + 16 <= end; dx += 16, dy += 16, y += 16) {
    v128.store(dx, v128.and(v128.load(dy), f32x4.gt(v128.load(y), zero)));
  }
  for (; dx < end; dx += 4, dy += 4, y += 4) store<f32>(dx, load<f32>(y) > 0 ? load<f32>(dy) : 0);
}
