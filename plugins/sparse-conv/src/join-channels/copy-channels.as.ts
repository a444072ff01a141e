/**
 * Copies the first `count` channels of every row.
 *
 * @param from f32[rows, fromChannels]  @param to f32[rows, toChannels]
 */
export function copyChannels(
  from: usize,
  fromChannels: usize,
  to: usize,
  toChannels: usize,
  count: usize,
  rows: usize,
): void {
  const fromRow = fromChannels << 2;
  const toRow = toChannels << 2;
  const bytes = count << 2;
  const vectors = bytes & ~15;
  for (let row: usize = 0; row < rows; row++) {
    let byte: usize = 0;
    for (; byte < vectors; byte += 16) v128.store(to + byte, v128.load(from + byte));
    for (; byte < bytes; byte += 4) store<f32>(to + byte, load<f32>(from + byte));
    from += fromRow;
    to += toRow;
  }
}
