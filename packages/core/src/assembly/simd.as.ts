/** a * b + c; one rounding in the relaxed build, two in the simd build. */
// @ts-ignore: decorator of AssemblyScript
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  return isDefined(RELAXED) ? f32x4.relaxed_madd(a, b, c) : f32x4.add(c, f32x4.mul(a, b));
}

/** values limited to low..high; NaN stays. */
// @ts-ignore: decorator of AssemblyScript
@inline
export function clamp4(values: v128, low: v128, high: v128): v128 {
  return f32x4.pmin(f32x4.pmax(values, low), high);
}

/** The 4 x 4 transpose of from0..from3, written `stride` bytes apart. */
// @ts-ignore: decorator of AssemblyScript
@inline
export function storeTransposed(from0: v128, from1: v128, from2: v128, from3: v128, to: usize, stride: usize): void {
  const low01 = v128.shuffle<i32>(from0, from1, 0, 4, 1, 5);
  const high01 = v128.shuffle<i32>(from0, from1, 2, 6, 3, 7);
  const low23 = v128.shuffle<i32>(from2, from3, 0, 4, 1, 5);
  const high23 = v128.shuffle<i32>(from2, from3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<i64>(low01, low23, 0, 2));
  v128.store(to + stride, v128.shuffle<i64>(low01, low23, 1, 3));
  v128.store(to + 2 * stride, v128.shuffle<i64>(high01, high23, 0, 2));
  v128.store(to + 3 * stride, v128.shuffle<i64>(high01, high23, 1, 3));
}
