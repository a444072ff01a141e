import { rowOf, rowsOfItem, valueOf } from '../entries.as';

/**
 * y[row] = greatest of values[place] * x[columns[entry]] over the entries of the row, 0 without; NaN if one is.
 * Parameters as those of sumRows.
 */
export function maxRows(
  first: usize,
  end: usize,
  _thread: usize,
  x: usize,
  values: usize,
  order: usize,
  starts: usize,
  columns: usize,
  y: usize,
  rows: usize,
  channels: usize,
): void {
  const rowBytes = channels << 2;
  const endRow = min(end * rowsOfItem, rows);
  for (let row = first * rowsOfItem; row < endRow; row++) {
    const start = load<u32>(starts + (row << 2)) as usize;
    const stop = load<u32>(starts + (row << 2), 4) as usize;
    const to = y + row * rowBytes;
    if (start == stop) {
      memory.fill(to, 0, rowBytes);
      continue;
    }
    let byte: usize = 0;
    for (; byte + 64 <= rowBytes; byte += 64) {
      max16(x + byte, rowBytes, values, order, columns, start, stop, to + byte);
    }
    for (; byte + 16 <= rowBytes; byte += 16) {
      let greatest = f32x4.splat(-Infinity);
      for (let entry = start; entry < stop; entry++) {
        const value = f32x4.splat(valueOf(values, order, entry));
        greatest = f32x4.max(greatest, f32x4.mul(value, v128.load(rowOf(x + byte, columns, entry, rowBytes))));
      }
      v128.store(to + byte, greatest);
    }
    for (; byte < rowBytes; byte += 4) {
      let greatest: f32 = -Infinity;
      for (let entry = start; entry < stop; entry++) {
        const from = rowOf(x + byte, columns, entry, rowBytes);
        greatest = max(greatest, valueOf(values, order, entry) * load<f32>(from));
      }
      store<f32>(to + byte, greatest);
    }
  }
}

// 16 channels in registers. f32x4.max takes eight instructions on x86 because of NaN, f32x4.pmax one: NaNs are kept apart.
function max16(
  x: usize,
  rowBytes: usize,
  values: usize,
  order: usize,
  columns: usize,
  start: usize,
  stop: usize,
  to: usize,
): void {
  let greatest0 = f32x4.splat(-Infinity), greatest1 = greatest0, greatest2 = greatest0, greatest3 = greatest0;
  let isNaN0 = f32x4.splat(0), isNaN1 = isNaN0, isNaN2 = isNaN0, isNaN3 = isNaN0;
  for (let entry = start; entry < stop; entry++) {
    const from = rowOf(x, columns, entry, rowBytes);
    const value = f32x4.splat(valueOf(values, order, entry));
    let product = f32x4.mul(value, v128.load(from));
    greatest0 = f32x4.pmax(greatest0, product);
    isNaN0 = v128.or(isNaN0, f32x4.ne(product, product));
    product = f32x4.mul(value, v128.load(from, 16));
    greatest1 = f32x4.pmax(greatest1, product);
    isNaN1 = v128.or(isNaN1, f32x4.ne(product, product));
    product = f32x4.mul(value, v128.load(from, 32));
    greatest2 = f32x4.pmax(greatest2, product);
    isNaN2 = v128.or(isNaN2, f32x4.ne(product, product));
    product = f32x4.mul(value, v128.load(from, 48));
    greatest3 = f32x4.pmax(greatest3, product);
    isNaN3 = v128.or(isNaN3, f32x4.ne(product, product));
  }
  // All bits set is a NaN.
  v128.store(to, v128.or(greatest0, isNaN0));
  v128.store(to, v128.or(greatest1, isNaN1), 16);
  v128.store(to, v128.or(greatest2, isNaN2), 32);
  v128.store(to, v128.or(greatest3, isNaN3), 48);
}
