import { storeTransposed } from './simd.as';

/**
 * Lays four rows out channel by channel, so that inner loops read them through one pointer with fixed offsets: an address
 * per row and channel costs V8 an instruction each. A call of its own: inlined it makes V8 spill in the loops around it.
 *
 * @param row0 f32[channels]  @param row1 f32[channels]  @param row2 f32[channels]  @param row3 f32[channels]
 * @param to   f32[channels, columnBytes / 4], whose first four numbers are written
 */
export function layFourRows(
  row0: usize,
  row1: usize,
  row2: usize,
  row3: usize,
  rowBytes: usize,
  to: usize,
  columnBytes: usize,
): void {
  let byte: usize = 0;
  for (; byte + 16 <= rowBytes; byte += 16) {
    storeTransposed(
      v128.load(row0 + byte),
      v128.load(row1 + byte),
      v128.load(row2 + byte),
      v128.load(row3 + byte),
      to,
      columnBytes,
    );
    to += columnBytes << 2;
  }
  for (; byte < rowBytes; byte += 4) {
    store<f32>(to, load<f32>(row0 + byte));
    store<f32>(to, load<f32>(row1 + byte), 4);
    store<f32>(to, load<f32>(row2 + byte), 8);
    store<f32>(to, load<f32>(row3 + byte), 12);
    to += columnBytes;
  }
}
