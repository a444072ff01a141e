/** A bit for each of f32[16] that is below the least; NaN never is. */
// @ts-ignore: decorator of AssemblyScript
@inline
export function lowBits(at: usize, least: v128): i32 {
  const low = i16x8.narrow_i32x4_s(f32x4.lt(v128.load(at), least), f32x4.lt(v128.load(at, 16), least));
  const high = i16x8.narrow_i32x4_s(f32x4.lt(v128.load(at, 32), least), f32x4.lt(v128.load(at, 48), least));
  return i8x16.bitmask(i8x16.narrow_i16x8_s(low, high));
}

/** All bits of the lanes in which all of f32[16], four by four, are below the least. */
// @ts-ignore: decorator of AssemblyScript
@inline
export function areLow(at: usize, least: v128): v128 {
  const low = v128.and(f32x4.lt(v128.load(at), least), f32x4.lt(v128.load(at, 16), least));
  return v128.and(low, v128.and(f32x4.lt(v128.load(at, 32), least), f32x4.lt(v128.load(at, 48), least)));
}
