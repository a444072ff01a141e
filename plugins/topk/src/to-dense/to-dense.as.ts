/**
 * dense[row, indices[row, place]] += values[row, place], from 0; entries of index -1 are none.
 *
 * @param values f32[rows, k]  @param indices i32[rows, k]  @param dense f32[rows, width]
 */
export function toDense(values: usize, indices: usize, dense: usize, rows: usize, width: usize, k: usize): void {
  memory.fill(dense, 0, rows * (width << 2));
  for (let row: usize = 0; row < rows; row++) {
    for (let place: usize = 0; place < k; place++) {
      const index = load<i32>(indices);
      if (index >= 0) {
        const to = dense + ((index as usize) << 2);
        store<f32>(to, load<f32>(to) + load<f32>(values));
      }
      indices += 4;
      values += 4;
    }
    dense += width << 2;
  }
}

/**
 * values[row, place] = x[row, indices[row, place]], and 0 for entries of index -1.
 *
 * @param x f32[rows, width]  @param indices i32[rows, k]  @param values f32[rows, k]
 */
export function takeEntries(x: usize, indices: usize, values: usize, rows: usize, width: usize, k: usize): void {
  for (let row: usize = 0; row < rows; row++) {
    for (let place: usize = 0; place < k; place++) {
      const index = load<i32>(indices);
      store<f32>(values, index < 0 ? 0 : load<f32>(x + ((index as usize) << 2)));
      indices += 4;
      values += 4;
    }
    x += width << 2;
  }
}
