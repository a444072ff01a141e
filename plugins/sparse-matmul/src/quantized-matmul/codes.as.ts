/** Lane i: the sum of the lanes of sum_i. */
// @ts-ignore: decorator of AssemblyScript
@inline
export function sumsOf(sum0: v128, sum1: v128, sum2: v128, sum3: v128): v128 {
  const even01 = f32x4.add(v128.shuffle<i32>(sum0, sum1, 0, 4, 1, 5), v128.shuffle<i32>(sum0, sum1, 2, 6, 3, 7));
  const even23 = f32x4.add(v128.shuffle<i32>(sum2, sum3, 0, 4, 1, 5), v128.shuffle<i32>(sum2, sum3, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<i64>(even01, even23, 0, 2), v128.shuffle<i64>(even01, even23, 1, 3));
}

/** Codes 0 to 7 of the unit, as 16-bit numbers. */
// @ts-ignore: decorator of AssemblyScript
@inline
export function lowCodes(bits: i32, unit: usize): v128 {
  if (bits == 8) return v128.load8x8_u(unit);
  return v128.and(v128.load8x8_u(unit), i16x8.splat(15));
}

/** Codes 8 to 15. */
// @ts-ignore: decorator of AssemblyScript
@inline
export function highCodes(bits: i32, unit: usize): v128 {
  if (bits == 8) return v128.load8x8_u(unit, 8);
  return i16x8.shr_u(v128.load8x8_u(unit), 4);
}
