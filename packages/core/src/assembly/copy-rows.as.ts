/**
 * Copies rows into rows of another stride, cutting or zero-padding them.
 *
 * @param from f32[rows, fromChannels]  @param to f32[rows, toChannels]
 */
export function copyRows(from: usize, fromChannels: usize, to: usize, toChannels: usize, rows: usize): void {
  const fromRow = fromChannels << 2;
  const toRow = toChannels << 2;
  const copied = min(fromRow, toRow);
  for (let row: usize = 0; row < rows; row++) {
    memory.copy(to, from, copied);
    memory.fill(to + copied, 0, toRow - copied);
    from += fromRow;
    to += toRow;
  }
}
