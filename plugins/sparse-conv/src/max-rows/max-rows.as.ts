/**
 * x[source] = greatest of y[target] over the targets of the source; zeros without targets; NaN if one is.
 *
 * @param y f32[targets, channels]  @param starts i32[sources + 1]  @param order i32[]  @param x f32[sources, channels]
 */
export function maxRows(y: usize, starts: usize, order: usize, x: usize, sources: usize, channels: usize): void {
  const rowBytes = channels << 2;
  const vectorBytes = rowBytes & ~15;
  for (let source: usize = 0; source < sources; source++) {
    const start = load<i32>(starts + (source << 2));
    const end = load<i32>(starts + (source << 2), 4);
    if (start == end) memory.fill(x, 0, rowBytes);
    else memory.copy(x, rowOf(y, order, start, rowBytes), rowBytes);
    for (let i = start + 1; i < end; i++) {
      const row = rowOf(y, order, i, rowBytes);
      let byte: usize = 0;
      for (; byte < vectorBytes; byte += 16) {
        v128.store(x + byte, f32x4.max(v128.load(x + byte), v128.load(row + byte)));
      }
      for (; byte < rowBytes; byte += 4) store<f32>(x + byte, max(load<f32>(x + byte), load<f32>(row + byte)));
    }
    x += rowBytes;
  }
}

/**
 * dy[target] = dx[source] / (number of greatest targets of the source) where y[target] is x[source], else 0.
 *
 * @param dx f32[sources, channels]  @param y f32[targets, channels]  @param x f32[sources, channels] of maxRows
 * @param starts i32[sources + 1]  @param order i32[]  @param dy f32[targets, channels]  @param counts f32[channels]
 */
export function maxRowsGradient(
  dx: usize,
  y: usize,
  x: usize,
  starts: usize,
  order: usize,
  dy: usize,
  counts: usize,
  targets: usize,
  sources: usize,
  channels: usize,
): void {
  const rowBytes = channels << 2;
  const hasSources = load<u32>(starts + (sources << 2)) == (targets as u32);
  if (!hasSources) memory.fill(dy, 0, targets * rowBytes);
  for (let source: usize = 0; source < sources; source++) {
    const start = load<i32>(starts + (source << 2));
    const end = load<i32>(starts + (source << 2), 4);
    memory.fill(counts, 0, rowBytes);
    for (let i = start; i < end; i++) countGreatest(rowOf(y, order, i, rowBytes), x, counts, rowBytes);
    for (let i = start; i < end; i++) {
      share(dx, rowOf(y, order, i, rowBytes), x, counts, rowOf(dy, order, i, rowBytes), rowBytes);
    }
    dx += rowBytes;
    x += rowBytes;
  }
}

// counts += 1 where the row holds the greatest value.
function countGreatest(row: usize, x: usize, counts: usize, rowBytes: usize): void {
  const vectorBytes = rowBytes & ~15;
  let byte: usize = 0;
  for (; byte < vectorBytes; byte += 16) {
    const one = v128.and(isGreatest4(v128.load(row + byte), v128.load(x + byte)), f32x4.splat(1));
    v128.store(counts + byte, f32x4.add(v128.load(counts + byte), one));
  }
  for (; byte < rowBytes; byte += 4) {
    if (isGreatest(load<f32>(row + byte), load<f32>(x + byte))) store<f32>(counts + byte, load<f32>(counts + byte) + 1);
  }
}

// dyRow = dx / counts where the row holds the greatest value, else 0.
function share(dx: usize, row: usize, x: usize, counts: usize, dyRow: usize, rowBytes: usize): void {
  const vectorBytes = rowBytes & ~15;
  let byte: usize = 0;
  for (; byte < vectorBytes; byte += 16) {
    const shared = f32x4.div(v128.load(dx + byte), v128.load(counts + byte));
    v128.store(dyRow + byte, v128.and(isGreatest4(v128.load(row + byte), v128.load(x + byte)), shared));
  }
  for (; byte < rowBytes; byte += 4) {
    const shared = load<f32>(dx + byte) / load<f32>(counts + byte);
    store<f32>(dyRow + byte, isGreatest(load<f32>(row + byte), load<f32>(x + byte)) ? shared : 0);
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

@inline
function rowOf(rows: usize, order: usize, position: i32, rowBytes: usize): usize {
  return rows + (load<i32>(order + ((position as usize) << 2)) as usize) * rowBytes;
}
