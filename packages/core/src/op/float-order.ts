/**
 * WGSL: `keyOf(value)`, integers in the order of the floats, NaN above all and -0 equal to 0: shader compilers may assume
 * that floats hold no NaN.
 */
export const floatOrderCode = /* wgsl */ `
  fn keyOf(value : f32) -> i32 {
    if (isnan(value)) { return 0x7fc00000; }
    if (value == 0.0) { return 0; } // -0 and 0 are equal
    let bits = bitcast<i32>(value);
    return select(bits, bits ^ 0x7fffffff, bits < 0);
  }`;
