import { exp2x4 } from '@tfjs-sparse/core/src/assembly/exp2.as';
import { madd } from '@tfjs-sparse/core/src/assembly/simd.as';

const log2e: f32 = 1.4426950408889634;
const rootOfTwoOverPi: f32 = 0.7978845608028654;
const cubic: f32 = 0.044715;
const overRootOfTwoPi: f32 = 0.3989422804014327;
const farthest: f32 = 120; // 2 to the power of it; shares beyond are 0 and 1

/** exp(-x * x / 2) */
// @ts-ignore: decorator of AssemblyScript
@inline
function bell(x: v128): v128 {
  return exp2x4(f32x4.mul(f32x4.mul(x, x), f32x4.splat(-0.5 * log2e)));
}

/**
 * The shares of a normal distribution below x.
 *
 * The one beyond t = abs(x) is the bell times a polynomial of 1 / (1 + 0.33 t): the form of Abramowitz and Stegun 26.2.17,
 * fitted with two more terms; the error is below 7e-9 before rounding.
 *
 * @param bellOfX exp(-x * x / 2)
 */
// @ts-ignore: decorator of AssemblyScript
@inline
function normalShare(x: v128, bellOfX: v128): v128 {
  const one = f32x4.splat(1);
  const s = f32x4.div(one, madd(f32x4.abs(x), f32x4.splat(0.33), one));
  let sum = madd(s, f32x4.splat(0.0448085181415081), f32x4.splat(-0.21724474430084229));
  sum = madd(sum, s, f32x4.splat(0.3250299096107483));
  sum = madd(sum, s, f32x4.splat(-0.08325542509555817));
  sum = madd(sum, s, f32x4.splat(0.17778918147087097));
  sum = madd(sum, s, f32x4.splat(0.12035757303237915));
  sum = madd(sum, s, f32x4.splat(0.13251499831676483));
  const beyond = f32x4.mul(f32x4.mul(sum, s), bellOfX);
  return v128.bitselect(beyond, f32x4.sub(one, beyond), f32x4.lt(x, f32x4.splat(0)));
}

/** 1 / (1 + exp(-2 u)) with the u of `tanh`. */
// @ts-ignore: decorator of AssemblyScript
@inline
function tanhShare(x: v128): v128 {
  const u = f32x4.mul(x, madd(f32x4.mul(x, x), f32x4.splat(rootOfTwoOverPi * cubic), f32x4.splat(rootOfTwoOverPi)));
  const power = f32x4.min(f32x4.mul(u, f32x4.splat(-2 * log2e)), f32x4.splat(farthest));
  return f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), exp2x4(power)));
}

// @ts-ignore: decorator of AssemblyScript
@inline
export function gelu4(x: v128, isTanh: boolean): v128 {
  return f32x4.mul(x, isTanh ? tanhShare(x) : normalShare(x, bell(x)));
}

/** The slopes of gelu4. */
// @ts-ignore: decorator of AssemblyScript
@inline
export function geluSlope4(x: v128, isTanh: boolean): v128 {
  if (!isTanh) {
    const bellOfX = bell(x);
    return madd(f32x4.mul(x, f32x4.splat(overRootOfTwoPi)), bellOfX, normalShare(x, bellOfX));
  }
  const share = tanhShare(x);
  const steepness = madd(f32x4.mul(x, x), f32x4.splat(6 * rootOfTwoOverPi * cubic), f32x4.splat(2 * rootOfTwoOverPi));
  const slope = f32x4.mul(f32x4.mul(share, f32x4.sub(f32x4.splat(1), share)), steepness);
  return madd(x, slope, share);
}
