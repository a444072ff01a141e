import {
  arePointRows,
  flatPoints,
  kindOf,
  requireNumbers,
  requirePoints,
  requireRange,
  type Points,
} from '@tfjs-sparse/core';
import { columnsRule, fewestColumns, guessColumns, mostColumns } from './guess-columns.js';

/** How points lie. */
export interface PointColumns {
  /** Numbers of a point, of which the first three are x, y and z; default those of a row, of flat points 3. */
  readonly columns?: number;
}

/** The positions of points. */
export interface Positions {
  /** `[points, 3]`, flat */
  readonly positions: ArrayLike<number>;
  /** What may be wrong with how they were read, in a sentence; null for nothing. */
  readonly hint: string | null;
}

/**
 * The positions of points as rows or flat. Flat ones that nobody described are read as x, y, z; what their columns look like
 * is a guess, so that it makes a hint and no error.
 *
 * @param rule what the points must be, for messages
 * @throws RangeError or TypeError that says what the points must be
 */
export function readPositions(op: string, points: Points, { columns }: PointColumns, rule: string): Positions {
  requirePoints(op, points, rule);
  const isWidth =
    columns === undefined || (Number.isInteger(columns) && columns >= fewestColumns && columns <= mostColumns);
  requireRange(isWidth, op, `columns must be an integer from ${fewestColumns} to ${mostColumns}`, columns);
  const isOfRows = arePointRows(points);
  const width = columns ?? (isOfRows && points.length > 0 ? widthOf(op, points[0]) : fewestColumns);
  const values = isOfRows ? flatPoints(op, points, width) : points;
  requireNumbers(op, 'points', values);
  const looks = isOfRows || columns !== undefined ? null : guessColumns(values).columns;
  const advice =
    looks === null || looks === width
      ? 'the option columns says otherwise'
      : `they look like ${looks}: { columns: ${looks} }`;
  const count = `${values.length} numbers`;
  requireRange(values.length % width === 0, op, `points must have ${width} numbers each (${advice})`, count);
  const positions = width === 3 ? values : firstThree(values, width);
  requireFinite(op, positions);
  const isDoubted = looks !== null && looks !== width;
  const hint = `Read as ${width} numbers a point, though the columns look like ${looks}: { columns: ${looks} } reads them so.`;
  return { positions, hint: isDoubted ? hint : null };
}

function widthOf(op: string, row: ArrayLike<number>): number {
  const width = row?.length;
  requireRange(width >= fewestColumns, op, 'points must have x, y and z in every row', width ?? kindOf(row));
  requireRange(width <= mostColumns, op, `points must have ${columnsRule}`, width);
  return width;
}

/** @returns float64 `[points, 3]`, flat */
function firstThree(values: ArrayLike<number>, width: number): Float64Array {
  const at = (i: number) => Math.floor(i / 3) * width + (i % 3);
  return Float64Array.from({ length: (3 * values.length) / width }, (_, i) => values[at(i)]);
}

function requireFinite(op: string, positions: ArrayLike<number>): void {
  for (let i = 0; i < positions.length; i++) {
    if (Number.isFinite(positions[i])) continue;
    const point = Math.floor(i / 3);
    const found = [0, 1, 2].map((axis) => positions[3 * point + axis]).join(', ');
    requireRange(false, op, 'points must be finite (leave out those without an echo)', `[${found}] in point ${point}`);
  }
}
