import { madd } from '@tfjs-sparse/core/src/assembly/simd.as';
import { endOfRow, featureOf, startOfRow } from './entries.as';

/**
 * values[entry] = x[row] * dictionary[feature] + bias[feature], and 0 for an entry that is none.
 *
 * @param first @param end items of rowsOfItem rows
 * @param x f32[rows, width]  @param dictionary f32[features, width]  @param indices i32[entries]
 * @param bias f32[features], or 0  @param values f32[entries]  @param k see sparseDecode
 */
export function sparseEncode(
  first: usize,
  end: usize,
  _thread: usize,
  x: usize,
  dictionary: usize,
  indices: usize,
  bias: usize,
  values: usize,
  rows: usize,
  features: usize,
  width: usize,
  entries: usize,
  k: usize,
  rowsOfItem: usize,
): void {
  const endRow = min(end * rowsOfItem, rows);
  for (let row = first * rowsOfItem; row < endRow; row++) {
    const xRow = x + row * (width << 2);
    const stop = endOfRow(indices, entries, row, features, k);
    for (let entry = startOfRow(indices, entries, row, features, k); entry < stop; entry++) {
      const feature = featureOf(indices, entry, row, features, k);
      let value: f32 = 0;
      if (feature >= 0) {
        value = dot(xRow, dictionary + (feature as usize) * (width << 2), width);
        if (bias != 0) value += load<f32>(bias + ((feature as usize) << 2));
      }
      store<f32>(values + (entry << 2), value);
    }
  }
}

/** Four sums of four: one would wait for itself. @param a f32[count]  @param b f32[count] */
function dot(a: usize, b: usize, count: usize): f32 {
  let sum0 = f32x4.splat(0), sum1 = sum0, sum2 = sum0, sum3 = sum0;
  const end = a + (count << 2);
  for (; a + 64 <= end; a += 64, b += 64) {
    sum0 = madd(v128.load(a), v128.load(b), sum0);
    sum1 = madd(v128.load(a, 16), v128.load(b, 16), sum1);
    sum2 = madd(v128.load(a, 32), v128.load(b, 32), sum2);
    sum3 = madd(v128.load(a, 48), v128.load(b, 48), sum3);
  }
  for (; a + 16 <= end; a += 16, b += 16) sum0 = madd(v128.load(a), v128.load(b), sum0);
  const four = f32x4.add(f32x4.add(sum0, sum1), f32x4.add(sum2, sum3));
  let sum = f32x4.extract_lane(four, 0) + f32x4.extract_lane(four, 1);
  sum += f32x4.extract_lane(four, 2) + f32x4.extract_lane(four, 3);
  for (; a < end; a += 4, b += 4) sum += load<f32>(a) * load<f32>(b);
  return sum;
}
