import { rowOf, rowsOfItem, valueOf } from '../entries.as';

/**
 * places[row] = which entry of the row is the first greatest of maxRows, or the first NaN; -1 without entries.
 *
 * @param places i32[rows, channels]; the others as those of sumRows
 */
export function argmaxRows(
  first: usize,
  end: usize,
  _thread: usize,
  x: usize,
  values: usize,
  order: usize,
  starts: usize,
  columns: usize,
  places: usize,
  rows: usize,
  channels: usize,
): void {
  const rowBytes = channels << 2;
  const endRow = min(end * rowsOfItem, rows);
  for (let row = first * rowsOfItem; row < endRow; row++) {
    const start = load<u32>(starts + (row << 2)) as usize;
    const stop = load<u32>(starts + (row << 2), 4) as usize;
    const to = places + row * rowBytes;
    let byte: usize = 0;
    for (; byte + 16 <= rowBytes; byte += 16) {
      let place = i32x4.splat(-1);
      let greatest = f32x4.splat(0);
      for (let entry = start; entry < stop; entry++) {
        const value = f32x4.splat(valueOf(values, order, entry));
        const product = f32x4.mul(value, v128.load(rowOf(x + byte, columns, entry, rowBytes)));
        const isFirstNaN = v128.andnot(f32x4.ne(product, product), f32x4.ne(greatest, greatest));
        const isGreater = v128.or(f32x4.gt(product, greatest), isFirstNaN);
        const isTaken = v128.or(i32x4.lt_s(place, i32x4.splat(0)), isGreater);
        place = v128.bitselect(i32x4.splat((entry - start) as i32), place, isTaken);
        greatest = v128.bitselect(product, greatest, isTaken);
      }
      v128.store(to + byte, place);
    }
    for (; byte < rowBytes; byte += 4) {
      let place: i32 = -1;
      let greatest: f32 = 0;
      for (let entry = start; entry < stop; entry++) {
        const product = valueOf(values, order, entry) * load<f32>(rowOf(x + byte, columns, entry, rowBytes));
        if (place < 0 || product > greatest || (isNaN(product) && !isNaN(greatest))) {
          place = (entry - start) as i32;
          greatest = product;
        }
      }
      store<i32>(to + byte, place);
    }
  }
}
