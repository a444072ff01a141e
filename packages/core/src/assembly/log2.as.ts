import { madd } from './simd.as';

/**
 * Logarithms to base 2 of four normal numbers above 0, to 1e-7 of max(1, |log|); NaN and Infinity give NaN.
 *
 * With a mantissa m of sqrt(1/2)..sqrt(2) and s = (m - 1) / (m + 1), log m = 2 (s + s^3 / 3 + s^5 / 5 + …); what comes
 * behind s^9 is below 4e-10.
 */
// @ts-ignore: decorator of AssemblyScript
@inline
export function log2x4(numbers: v128): v128 {
  const sqrtHalf: u32 = 0x3f3504f3; // bits of sqrt(1 / 2)
  const shifted = i32x4.sub(numbers, i32x4.splat(sqrtHalf));
  const exponent = i32x4.shr_s(shifted, 23);
  const mantissa = i32x4.sub(numbers, i32x4.shl(exponent, 23));
  const one = f32x4.splat(1);
  const s = f32x4.div(f32x4.sub(mantissa, one), f32x4.add(mantissa, one));
  const squared = f32x4.mul(s, s);
  let sum = madd(squared, f32x4.splat(0.3205989), f32x4.splat(0.4121986)); // 2 / (9 ln 2), 2 / (7 ln 2), …
  sum = madd(sum, squared, f32x4.splat(0.57707802));
  sum = madd(sum, squared, f32x4.splat(0.96179669));
  sum = madd(sum, squared, f32x4.splat(2.88539008));
  const log = madd(sum, s, f32x4.convert_i32x4_s(exponent));
  return f32x4.add(log, f32x4.sub(numbers, numbers));
}
