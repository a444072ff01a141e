import { layFourRows } from '@tfjs-sparse/core/src/assembly/lay-four-rows.as';

/**
 * Lays rows out column by column: to[column][row] = x[first + row][column]. Rows behind the last repeat it.
 *
 * @param x     f32[rows, columns]
 * @param to    f32[columns, width]
 * @param first @param rows  the rows from `first` are taken, as many as there are
 * @param count rows to write per column, a multiple of 4, at most `width`
 */
export function layColumns(x: usize, to: usize, first: usize, rows: usize, columns: usize, count: usize, width: usize): void {
  const rowBytes = columns << 2;
  const columnBytes = width << 2;
  const last = x + (rows - 1) * rowBytes;
  for (let row: usize = 0; row < count; row += 4) {
    const row0 = x + (first + row) * rowBytes;
    const row1 = min(row0 + rowBytes, last);
    const row2 = min(row1 + rowBytes, last);
    const row3 = min(row2 + rowBytes, last);
    layFourRows(row0, row1, row2, row3, rowBytes, to + (row << 2), columnBytes);
  }
}
