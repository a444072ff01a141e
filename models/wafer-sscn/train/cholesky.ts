/**
 * The lower factor L of a symmetric positive matrix A = L Lᵀ; both are lower triangles, row by row.
 *
 * @param triangle `[dimension * (dimension + 1) / 2]`
 */
export function choleskyFactor(triangle: Float64Array, dimension: number): Float64Array {
  const factor = new Float64Array(triangle.length);
  for (let row = 0, rowStart = 0; row < dimension; rowStart += ++row) {
    for (let column = 0, columnStart = 0; column <= row; columnStart += ++column) {
      let rest = triangle[rowStart + column];
      for (let k = 0; k < column; k++) rest -= factor[rowStart + k] * factor[columnStart + k];
      if (row === column && !(rest > 0)) {
        throw new RangeError(`choleskyFactor: the matrix must be positive definite, got pivot ${rest} in row ${row}`);
      }
      factor[rowStart + column] = row === column ? Math.sqrt(rest) : rest / factor[columnStart + column];
    }
  }
  return factor;
}
