// Integers in the order of the floats: NaN above all, -0 equal to 0. Comparisons of floats have no place for NaN.

// @ts-ignore: decorator of AssemblyScript
@inline
export function keyOf(value: f32): i32 {
  if (value != value) return i32.MAX_VALUE;
  if (value == 0) return 0;
  const bits = reinterpret<i32>(value);
  return bits ^ ((bits >> 31) & i32.MAX_VALUE); // of negative ones the bits fall as the values rise
}

// @ts-ignore: decorator of AssemblyScript
@inline
export function keysOf(values: v128): v128 {
  const ordered = v128.xor(values, i32x4.shr_u(i32x4.shr_s(values, 31), 1));
  const numbers = v128.andnot(ordered, f32x4.eq(values, f32x4.splat(0)));
  return v128.bitselect(i32x4.splat(i32.MAX_VALUE), numbers, f32x4.ne(values, values));
}

/** A value that has the key. */
// @ts-ignore: decorator of AssemblyScript
@inline
export function valueOfKey(key: i32): f32 {
  return reinterpret<f32>(key ^ ((key >> 31) & i32.MAX_VALUE));
}
