import { rowOf, valueOf } from '../entries.as';

/**
 * dx[columns[entry]] += dy[row] * values[entry] of the entry that places names, per feature.
 *
 * @param dy f32[rows, channels]  @param places i32[rows, channels]  @param values f32[entries], or 0
 * @param starts i32[rows + 1]  @param columns i32[entries]  @param dx f32[columns, channels]
 */
export function maxRowsGradient(
  dy: usize,
  places: usize,
  values: usize,
  starts: usize,
  columns: usize,
  dx: usize,
  rows: usize,
  columnCount: usize,
  channels: usize,
): void {
  const rowBytes = channels << 2;
  memory.fill(dx, 0, columnCount * rowBytes);
  for (let row: usize = 0; row < rows; row++) {
    const start = load<i32>(starts + (row << 2));
    for (let byte: usize = 0; byte < rowBytes; byte += 4) {
      const place = load<i32>(places + byte);
      if (place < 0) continue;
      const entry = (start + place) as usize;
      const to = rowOf(dx + byte, columns, entry, rowBytes);
      store<f32>(to, load<f32>(to) + load<f32>(dy + byte) * valueOf(values, 0, entry));
    }
    dy += rowBytes;
    places += rowBytes;
  }
}

/**
 * dx[columns[entry]] += dy[row] / (number of greatest entries of the row) where x[columns[entry]] is y[row].
 *
 * @param dy f32[rows, channels]  @param x f32[columns, channels]  @param y f32[rows, channels] of maxRows
 * @param starts i32[rows + 1]  @param columns i32[entries]  @param dx f32[columns, channels]
 * @param counts f32[channels] scratch
 */
export function sharedMaxRowsGradient(
  dy: usize,
  x: usize,
  y: usize,
  starts: usize,
  columns: usize,
  dx: usize,
  counts: usize,
  rows: usize,
  columnCount: usize,
  channels: usize,
): void {
  const rowBytes = channels << 2;
  memory.fill(dx, 0, columnCount * rowBytes);
  for (let row: usize = 0; row < rows; row++) {
    const start = load<u32>(starts + (row << 2)) as usize;
    const stop = load<u32>(starts + (row << 2), 4) as usize;
    memory.fill(counts, 0, rowBytes);
    for (let entry = start; entry < stop; entry++) {
      countGreatest(rowOf(x, columns, entry, rowBytes), y, counts, rowBytes);
    }
    for (let entry = start; entry < stop; entry++) {
      const column = rowOf(0, columns, entry, rowBytes);
      share(dy, x + column, y, counts, dx + column, rowBytes);
    }
    dy += rowBytes;
    y += rowBytes;
  }
}

// counts += 1 where the row of x holds the greatest value.
function countGreatest(xRow: usize, y: usize, counts: usize, rowBytes: usize): void {
  const vectorBytes = rowBytes & ~15;
  let byte: usize = 0;
  for (; byte < vectorBytes; byte += 16) {
    const one = v128.and(isGreatest4(v128.load(xRow + byte), v128.load(y + byte)), f32x4.splat(1));
    v128.store(counts + byte, f32x4.add(v128.load(counts + byte), one));
  }
  for (; byte < rowBytes; byte += 4) {
    if (isGreatest(load<f32>(xRow + byte), load<f32>(y + byte))) store<f32>(counts + byte, load<f32>(counts + byte) + 1);
  }
}

// dxRow += dy / counts where the row of x holds the greatest value.
function share(dy: usize, xRow: usize, y: usize, counts: usize, dxRow: usize, rowBytes: usize): void {
  const vectorBytes = rowBytes & ~15;
  let byte: usize = 0;
  for (; byte < vectorBytes; byte += 16) {
    const shared = f32x4.div(v128.load(dy + byte), v128.load(counts + byte));
    const taken = v128.and(isGreatest4(v128.load(xRow + byte), v128.load(y + byte)), shared);
    v128.store(dxRow + byte, f32x4.add(v128.load(dxRow + byte), taken));
  }
  for (; byte < rowBytes; byte += 4) {
    if (!isGreatest(load<f32>(xRow + byte), load<f32>(y + byte))) continue;
    store<f32>(dxRow + byte, load<f32>(dxRow + byte) + load<f32>(dy + byte) / load<f32>(counts + byte));
  }
}

// A NaN makes the greatest value NaN, so a NaN is always among the greatest.
@inline
function isGreatest4(values: v128, greatest: v128): v128 {
  return v128.or(f32x4.eq(values, greatest), f32x4.ne(values, values));
}

@inline
function isGreatest(value: f32, greatest: f32): bool {
  return value == greatest || isNaN(value);
}
