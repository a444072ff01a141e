import { requireRange } from '../errors.js';
import { requireNumbers } from '../host-arrays.js';
import type { RowGrouping } from './group-rows.js';

/** Coordinates as a user has them, copied to int32 `[rows, 1 + rank]`. */
export function integerRows(coordinates: ArrayLike<number> | readonly (readonly number[])[], rank: number): Int32Array {
  const columns = 1 + rank;
  const [first] = coordinates as ArrayLike<unknown> & Iterable<unknown>;
  if (Array.isArray(first) || ArrayBuffer.isView(first)) {
    return rowsOfArrays(coordinates as readonly (readonly number[])[], columns);
  }
  requireWholeRows(coordinates.length, columns);
  const values = coordinates as ArrayLike<number>;
  requireNumbers('CoordinateMap', 'coordinates', values);
  const rows = new Int32Array(values);
  if (!(coordinates instanceof Int32Array)) requireIntegers(rows, values, columns);
  return rows;
}

export function requireWholeRows(length: number, columns: number): void {
  requireRange(
    length % columns === 0,
    'CoordinateMap',
    `flat coordinates must have ${columns} numbers per row (batch index and ${columns - 1} axes)`,
    `${length} numbers`,
  );
}

function rowsOfArrays(arrays: readonly (readonly number[])[], columns: number): Int32Array {
  const rows = new Int32Array(arrays.length * columns);
  arrays.forEach((values, row) => {
    requireRange(
      values.length === columns,
      'CoordinateMap',
      `coordinates must have ${columns} numbers per row (batch index and ${columns - 1} axes)`,
      `[${values.join(', ')}] in row ${row}`,
    );
    rows.set(values, row * columns);
    requireIntegers(rows.subarray(row * columns, (row + 1) * columns), values, columns, row);
  });
  return rows;
}

/** Converting to int32 changes whatever is not an integer of 32 bits. */
function requireIntegers(rows: Int32Array, values: ArrayLike<number>, columns: number, firstRow = 0): void {
  for (let i = 0; i < rows.length; i++) {
    if (rows[i] === values[i]) continue;
    const row = Math.floor(i / columns);
    const found = Array.from({ length: columns }, (_, column) => values[row * columns + column]);
    const rule = 'coordinates must be integers of 32 bits';
    requireRange(false, 'CoordinateMap', rule, `[${found.join(', ')}] in row ${firstRow + row}`);
  }
}

/** True when every row is lexicographically greater than the one before it. */
export function isStrictlyAscending(rows: Int32Array, columns: number): boolean {
  for (let i = columns; i < rows.length; i += columns) {
    let column = 0;
    while (column < columns && rows[i + column] === rows[i + column - columns]) column++;
    if (column === columns || rows[i + column] < rows[i + column - columns]) return false;
  }
  return true;
}

/** Names the first row that repeats an earlier one. */
export function requireUnique(rows: Int32Array, columns: number, grouping: RowGrouping): void {
  const { inverse, pointStarts, pointOrder } = grouping;
  if (pointStarts.length - 1 === inverse.length) return;
  const row = inverse.findIndex((site, candidate) => pointOrder[pointStarts[site]] !== candidate);
  const values = rows.subarray(row * columns, (row + 1) * columns);
  const first = pointOrder[pointStarts[inverse[row]]];
  requireRange(
    false,
    'CoordinateMap',
    'coordinates must differ from each other (fromRows and fromPoints merge duplicates)',
    `[${values.join(', ')}] in rows ${first} and ${row}`,
  );
}
