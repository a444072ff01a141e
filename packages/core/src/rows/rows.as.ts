/**
 * y[target] = x[index[target]], or zeros where index is -1.
 *
 * @param x f32[sources, channels]  @param index i32[targets]  @param y f32[targets, channels]
 */
export function gatherRows(x: usize, index: usize, y: usize, targets: usize, channels: usize): void {
  const rowBytes = channels << 2;
  for (let target: usize = 0; target < targets; target++) {
    const source = load<i32>(index + (target << 2));
    if (source >= 0) memory.copy(y, x + (source as usize) * rowBytes, rowBytes);
    else memory.fill(y, 0, rowBytes);
    y += rowBytes;
  }
}

/**
 * x[source] = sum of y[target] over the targets of the source, in the order of `order`.
 *
 * @param y f32[targets, channels]  @param starts i32[sources + 1]  @param order i32[]  @param x f32[sources, channels]
 */
export function sumRows(y: usize, starts: usize, order: usize, x: usize, sources: usize, channels: usize): void {
  const rowBytes = channels << 2;
  const vectorBytes = rowBytes & ~15;
  for (let source: usize = 0; source < sources; source++) {
    memory.fill(x, 0, rowBytes);
    const end = load<i32>(starts + (source << 2), 4);
    for (let i = load<i32>(starts + (source << 2)); i < end; i++) {
      const row = y + (load<i32>(order + ((i as usize) << 2)) as usize) * rowBytes;
      let byte: usize = 0;
      for (; byte < vectorBytes; byte += 16) {
        v128.store(x + byte, f32x4.add(v128.load(x + byte), v128.load(row + byte)));
      }
      for (; byte < rowBytes; byte += 4) store<f32>(x + byte, load<f32>(x + byte) + load<f32>(row + byte));
    }
    x += rowBytes;
  }
}
