/**
 * y[row] = x[index[row]], or zeros where index is -1.
 *
 * @param x f32[columns, channels]  @param index i32[rows]  @param y f32[rows, channels]
 */
export function gatherRows(x: usize, index: usize, y: usize, rows: usize, channels: usize): void {
  const rowBytes = channels << 2;
  for (let row: usize = 0; row < rows; row++) {
    const column = load<i32>(index + (row << 2));
    if (column >= 0) memory.copy(y, x + (column as usize) * rowBytes, rowBytes);
    else memory.fill(y, 0, rowBytes);
    y += rowBytes;
  }
}
