import { requireRange } from '@tfjs-sparse/core';

/** Throws unless the tables are compressed rows of a matrix of `shape`; the message names the first offender. */
export function requireCompressedRows(
  op: string,
  [rowCount, columnCount]: readonly [number, number],
  starts: Int32Array,
  columns: Int32Array,
): void {
  requireRange(starts.length === rowCount + 1, op, `starts must have ${rowCount + 1} entries`, starts.length);
  requireRange(starts[0] === 0, op, 'starts must begin with 0', starts[0]);
  requireRange(starts[rowCount] === columns.length, op, `starts must end with ${columns.length}`, starts[rowCount]);
  for (let row = 0; row < rowCount; row++) {
    requireRange(starts[row] <= starts[row + 1], op, `starts must ascend (row ${row})`, starts[row + 1]);
  }
  requireIndices(op, 'columns', columns, columnCount);
}

/** Throws unless every index is from 0 to below `count`. */
export function requireIndices(op: string, name: string, indices: Int32Array, count: number): void {
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i];
    const isInside = index >= 0 && index < count;
    if (!isInside) requireRange(false, op, `${name}[${i}] must be an integer from 0 to below ${count}`, index);
  }
}
