/** The maximum of f32[count] at x, count a multiple of 32: one pass over memory, by the cheapest instruction for it. */
export function maximum(x: usize, count: usize): f32 {
  let a = v128.load(x), b = a, c = a, d = a;
  for (const end = x + (count << 2); x < end; x += 128) {
    a = f32x4.pmax(a, f32x4.pmax(v128.load(x), v128.load(x, 64)));
    b = f32x4.pmax(b, f32x4.pmax(v128.load(x, 16), v128.load(x, 80)));
    c = f32x4.pmax(c, f32x4.pmax(v128.load(x, 32), v128.load(x, 96)));
    d = f32x4.pmax(d, f32x4.pmax(v128.load(x, 48), v128.load(x, 112)));
  }
  return f32x4.extract_lane(f32x4.pmax(f32x4.pmax(a, b), f32x4.pmax(c, d)), 0);
}
