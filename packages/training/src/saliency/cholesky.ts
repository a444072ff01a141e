import { requireRange } from '@tfjs-sparse/core';

/** A square matrix, row after row. */
export type Matrix = Float64Array;

/** The lower triangular L with `L Lᵀ = matrix`, which must be symmetric and positive definite. */
export function cholesky(matrix: Matrix, size: number): Matrix {
  const lower = new Float64Array(size * size);
  for (let row = 0; row < size; row++)
    for (let column = 0; column <= row; column++) {
      let rest = matrix[row * size + column];
      for (let k = 0; k < column; k++) rest -= lower[row * size + k] * lower[column * size + k];
      if (row !== column) lower[row * size + column] = rest / lower[column * size + column];
      else {
        requireRange(rest > 0, 'cholesky', 'the matrix must be positive definite (raise the dampening)', rest);
        lower[row * size + row] = Math.sqrt(rest);
      }
    }
  return lower;
}

/** The inverse of `L Lᵀ`. */
export function choleskyInverse(lower: Matrix, size: number): Matrix {
  const inverse = new Float64Array(size * size);
  for (let column = 0; column < size; column++) {
    for (let row = 0; row < size; row++) {
      let rest = row === column ? 1 : 0;
      for (let k = 0; k < row; k++) rest -= lower[row * size + k] * inverse[k * size + column];
      inverse[row * size + column] = rest / lower[row * size + row];
    }
    for (let row = size - 1; row >= 0; row--) {
      let rest = inverse[row * size + column];
      for (let k = row + 1; k < size; k++) rest -= lower[k * size + row] * inverse[k * size + column];
      inverse[row * size + column] = rest / lower[row * size + row];
    }
  }
  return inverse;
}
