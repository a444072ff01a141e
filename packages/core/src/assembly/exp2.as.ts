import { madd } from './simd.as';

const least: f32 = -127; // 2 to the power of it counts as 0, and so does all below
/** 1.5 * 2^23: a number of less than 2^21 that is added to it is rounded to an integer, which its lowest bits then are. */
const rounding: f32 = 12582912;

/**
 * 2 to the power of four numbers of at most 127; the relative error is below 1e-7, powers below 2^-126 are 0, NaN stays.
 *
 * The fraction goes through a polynomial of degree 6 (interpolated at the zeros of Chebyshev's, error 5e-9), the integer
 * into the exponent. It is found by one addition: `nearest` and `trunc_sat` are eight instructions on x86.
 */
// @ts-ignore: decorator of AssemblyScript
@inline
export function exp2x4(powers: v128): v128 {
  const limited = f32x4.max(powers, f32x4.splat(least));
  const rounded = f32x4.add(limited, f32x4.splat(rounding));
  const part = f32x4.sub(limited, f32x4.sub(rounded, f32x4.splat(rounding)));
  let sum = madd(part, f32x4.splat(0.00015453163359779865), f32x4.splat(0.0013390863314270973));
  sum = madd(sum, part, f32x4.splat(0.009618083015084267));
  sum = madd(sum, part, f32x4.splat(0.055503569543361664));
  sum = madd(sum, part, f32x4.splat(0.24022650718688965));
  sum = madd(sum, part, f32x4.splat(0.6931471824645996));
  sum = madd(sum, part, f32x4.splat(1));
  const exponent = i32x4.shl(i32x4.add(rounded, i32x4.splat(127)), 23);
  return f32x4.mul(sum, exponent);
}
