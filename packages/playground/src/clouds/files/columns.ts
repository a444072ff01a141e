/** Three columns of rows, from `first` on, as float64 `[rows, 3]`. */
export function threeFrom(first: number, values: Float32Array | Float64Array, columns: number): Float64Array {
  const rows = values.length / columns;
  const points = new Float64Array(3 * rows);
  for (let row = 0; row < rows; row++) {
    for (let axis = 0; axis < 3; axis++) points[3 * row + axis] = values[row * columns + first + axis];
  }
  return points;
}
