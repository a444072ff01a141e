import { madd } from '../../assembly/simd.as';
import { rowOf, rowsOfItem } from '../entries.as';

/**
 * products[entry] = sum of a[row] * b[columns[entry]] over the channels.
 *
 * @param a f32[rows, channels]  @param starts i32[rows + 1]  @param columns i32[entries]
 * @param b f32[columns, channels]  @param products f32[entries]
 */
export function entryProducts(
  first: usize,
  end: usize,
  _thread: usize,
  a: usize,
  b: usize,
  starts: usize,
  columns: usize,
  products: usize,
  rows: usize,
  channels: usize,
): void {
  const rowBytes = channels << 2;
  const vectorBytes = rowBytes & ~15;
  const endRow = min(end * rowsOfItem, rows);
  for (let row = first * rowsOfItem; row < endRow; row++) {
    const stop = load<u32>(starts + (row << 2), 4) as usize;
    const aRow = a + row * rowBytes;
    for (let entry = load<u32>(starts + (row << 2)) as usize; entry < stop; entry++) {
      const bRow = rowOf(b, columns, entry, rowBytes);
      let sum4 = f32x4.splat(0);
      let byte: usize = 0;
      for (; byte < vectorBytes; byte += 16) sum4 = madd(v128.load(aRow + byte), v128.load(bRow + byte), sum4);
      let sum = f32x4.extract_lane(sum4, 0) + f32x4.extract_lane(sum4, 1);
      sum += f32x4.extract_lane(sum4, 2) + f32x4.extract_lane(sum4, 3);
      for (; byte < rowBytes; byte += 4) sum += load<f32>(aRow + byte) * load<f32>(bRow + byte);
      store<f32>(products + (entry << 2), sum);
    }
  }
}

/**
 * products[entry] = sum of a[row] * b[columns[entry]] over the channels whose greatest entry it is.
 *
 * @param places i32[rows, channels]; the others as those of entryProducts
 */
export function greatestEntryProducts(
  a: usize,
  b: usize,
  places: usize,
  starts: usize,
  columns: usize,
  products: usize,
  rows: usize,
  entries: usize,
  channels: usize,
): void {
  const rowBytes = channels << 2;
  memory.fill(products, 0, entries << 2);
  for (let row: usize = 0; row < rows; row++) {
    const start = load<i32>(starts + (row << 2));
    for (let byte: usize = 0; byte < rowBytes; byte += 4) {
      const place = load<i32>(places + byte);
      if (place < 0) continue;
      const entry = (start + place) as usize;
      const to = products + (entry << 2);
      store<f32>(to, load<f32>(to) + load<f32>(a + byte) * load<f32>(rowOf(b + byte, columns, entry, rowBytes)));
    }
    a += rowBytes;
    places += rowBytes;
  }
}
