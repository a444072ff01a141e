/** Transposes 4 pixels x 4 channels and stores the first `count` pixels of each channel. */
// @ts-ignore: decorator of AssemblyScript
@inline
export function storeTile(to: usize, tileRow: usize, y0: v128, y1: v128, y2: v128, y3: v128, count: usize): void {
  const low01 = v128.shuffle<f32>(y0, y1, 0, 4, 1, 5);
  const low23 = v128.shuffle<f32>(y2, y3, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(y0, y1, 2, 6, 3, 7);
  const high23 = v128.shuffle<f32>(y2, y3, 2, 6, 3, 7);
  storeLanes(to, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5), count);
  storeLanes(to + tileRow, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7), count);
  storeLanes(to + 2 * tileRow, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5), count);
  storeLanes(to + 3 * tileRow, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7), count);
}

// @ts-ignore: decorator of AssemblyScript
@inline
function storeLanes(to: usize, values: v128, count: usize): void {
  if (count == 4) {
    v128.store(to, values);
    return;
  }
  if (count == 1) {
    v128.store_lane<f32>(to, values, 0);
    return;
  }
  v128.store_lane<u64>(to, values, 0);
  if (count == 3) v128.store_lane<f32>(to, values, 2, 8);
}
