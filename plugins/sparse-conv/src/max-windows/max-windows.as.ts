/**
 * dx[source] += dy[target] at the first entry of each target where x[source] is y[target], the greatest.
 *
 * @param dy f32[targets, channels]  @param x f32[rows, channels]  @param y f32[targets, channels] of maxRows
 * @param starts i32[targets + 1]  @param sources i32[entries]  @param dx f32[rows, channels]
 * @param left f32[channels]: what of dy the entries before have not taken
 */
export function maxWindowsGradient(
  dy: usize,
  x: usize,
  y: usize,
  starts: usize,
  sources: usize,
  dx: usize,
  left: usize,
  targets: usize,
  rows: usize,
  channels: usize,
): void {
  const rowBytes = channels << 2;
  memory.fill(dx, 0, rows * rowBytes);
  for (let target: usize = 0; target < targets; target++) {
    memory.copy(left, dy, rowBytes);
    const end = load<i32>(starts + (target << 2), 4);
    for (let entry = load<i32>(starts + (target << 2)); entry < end; entry++) {
      const source = (load<i32>(sources + ((entry as usize) << 2)) as usize) * rowBytes;
      takeGreatest(x + source, y, left, dx + source, rowBytes);
    }
    dy += rowBytes;
    y += rowBytes;
  }
}

// Moves from `left` to the row of dx where the row of x holds the greatest value. A NaN is always among the greatest.
function takeGreatest(row: usize, y: usize, left: usize, dxRow: usize, rowBytes: usize): void {
  const vectorBytes = rowBytes & ~15;
  let byte: usize = 0;
  for (; byte < vectorBytes; byte += 16) {
    const values = v128.load(row + byte);
    const isGreatest = v128.or(f32x4.eq(values, v128.load(y + byte)), f32x4.ne(values, values));
    const rest = v128.load(left + byte);
    v128.store(dxRow + byte, f32x4.add(v128.load(dxRow + byte), v128.and(rest, isGreatest)));
    v128.store(left + byte, v128.andnot(rest, isGreatest));
  }
  for (; byte < rowBytes; byte += 4) {
    const value = load<f32>(row + byte);
    if (value != load<f32>(y + byte) && !isNaN(value)) continue;
    store<f32>(dxRow + byte, load<f32>(dxRow + byte) + load<f32>(left + byte));
    store<f32>(left + byte, 0);
  }
}
