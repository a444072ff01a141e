import { gelu4, geluSlope4 } from './gelu4.as';

const blockSize: usize = 4096; // elements of an item; geluBlocks in wasm.ts counts them

/**
 * y = gelu(x), in blocks of 4096 elements.
 *
 * @param first @param end blocks  @param thread unused  @param x f32[count]  @param y f32[count]
 */
export function gelu(first: usize, end: usize, thread: usize, x: usize, y: usize, count: usize, isTanh: i32): void {
  const last = min(end * blockSize, count);
  let i = first * blockSize;
  for (; i + 4 <= last; i += 4) v128.store(y + (i << 2), gelu4(v128.load(x + (i << 2)), isTanh != 0));
  for (; i < last; i++) {
    const value = gelu4(v128.load32_splat(x + (i << 2)), isTanh != 0);
    store<f32>(y + (i << 2), f32x4.extract_lane(value, 0));
  }
}

/**
 * dx = dy times the slope at x, in blocks of 4096 elements.
 *
 * @param first @param end blocks  @param thread unused  @param x @param dy @param dx f32[count]
 */
export function geluGradient(
  first: usize,
  end: usize,
  thread: usize,
  x: usize,
  dy: usize,
  dx: usize,
  count: usize,
  isTanh: i32,
): void {
  const last = min(end * blockSize, count);
  let i = first * blockSize;
  for (; i + 4 <= last; i += 4) {
    const slope = geluSlope4(v128.load(x + (i << 2)), isTanh != 0);
    v128.store(dx + (i << 2), f32x4.mul(slope, v128.load(dy + (i << 2))));
  }
  for (; i < last; i++) {
    const slope = geluSlope4(v128.load32_splat(x + (i << 2)), isTanh != 0);
    store<f32>(dx + (i << 2), f32x4.extract_lane(slope, 0) * load<f32>(dy + (i << 2)));
  }
}
