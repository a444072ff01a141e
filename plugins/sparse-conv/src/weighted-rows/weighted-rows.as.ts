import { madd } from '../simd.as';

/**
 * y[target] = sum of weights[entry] * x[sources[entry]] over the entries of the target.
 *
 * @param x f32[rows, channels]  @param starts i32[targets + 1]  @param sources i32[entries]  @param weights f32[entries]
 * @param y f32[targets, channels]
 */
export function weightedRows(
  x: usize,
  starts: usize,
  sources: usize,
  weights: usize,
  y: usize,
  targets: usize,
  channels: usize,
): void {
  const rowBytes = channels << 2;
  const vectorBytes = rowBytes & ~15;
  for (let target: usize = 0; target < targets; target++) {
    memory.fill(y, 0, rowBytes);
    const end = load<i32>(starts + (target << 2), 4);
    for (let entry = load<i32>(starts + (target << 2)); entry < end; entry++) {
      const place = (entry as usize) << 2;
      const row = x + (load<i32>(sources + place) as usize) * rowBytes;
      const weight = load<f32>(weights + place);
      const weight4 = f32x4.splat(weight);
      let byte: usize = 0;
      for (; byte < vectorBytes; byte += 16) {
        v128.store(y + byte, madd(v128.load(row + byte), weight4, v128.load(y + byte)));
      }
      for (; byte < rowBytes; byte += 4) {
        store<f32>(y + byte, load<f32>(y + byte) + load<f32>(row + byte) * weight);
      }
    }
    y += rowBytes;
  }
}
