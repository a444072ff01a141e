/** a * b + c; one rounding in the relaxed build, two in the simd build. */
// @ts-ignore: decorator of AssemblyScript
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  return isDefined(RELAXED) ? f32x4.relaxed_madd(a, b, c) : f32x4.add(c, f32x4.mul(a, b));
}
