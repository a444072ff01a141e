import { requireRange, requireType } from '../errors.js';
import { kindOf, requireNumbers } from '../host-arrays.js';

/** Positions of points as a user has them: rows, or flat numbers in an array or typed array of any kind. */
export type Points = ArrayLike<number> | readonly ArrayLike<number>[];

/** True for points that are rows. */
export function arePointRows(points: Points): points is readonly ArrayLike<number>[] {
  return Array.isArray(points) && typeof points[0] !== 'number';
}

/**
 * Checks the kind of points, flat or as rows. Bytes are the contents of a file that nobody has read yet, never positions.
 *
 * @param rule  what must hold
 * @throws TypeError for bytes and for what is no array
 */
export function requirePoints(op: string, points: unknown, rule = 'points must be numbers'): void {
  const [first] = Array.isArray(points) ? points : [];
  const bytes = [points, first].find(areBytes);
  requireType(bytes === undefined, op, rule, `bytes (${kindOf(bytes)})`);
  requireType(Array.isArray(points) || ArrayBuffer.isView(points), op, rule, kindOf(points));
}

const byteKinds = [ArrayBuffer, DataView, Uint8Array, Uint8ClampedArray, Int8Array]; // a Buffer is a Uint8Array

function areBytes(value: unknown): boolean {
  return byteKinds.some((kind) => value instanceof kind);
}

/** The numbers of rows that have `columns` each. */
export function flatPoints(op: string, points: readonly ArrayLike<number>[], columns: number): number[] {
  const ragged = points.findIndex((row) => row?.length !== columns);
  const found = points[ragged]?.length ?? kindOf(points[ragged]);
  requireRange(ragged < 0, op, `points must have ${columns} columns in every row`, found);
  return points.flatMap((row) => Array.from(row));
}

/** Points in float32, and what is still to be taken from their positions. */
export interface NearPoints {
  /** Float32 `[points, columns]`, the position in the first columns. */
  readonly values: Float32Array;
  /** Per axis. */
  readonly origin: readonly number[];
}

/**
 * Points in float32. Of numbers that are no float32 yet the origin is taken before they are rounded: float32 has steps of
 * half a metre where the metres of a map's grid have seven digits.
 *
 * @param values  numbers `[points, columns]`
 */
export function nearPoints(
  op: string,
  values: ArrayLike<number>,
  columns: number,
  origin: readonly number[],
): NearPoints {
  if (values instanceof Float32Array) return { values, origin };
  requirePoints(op, values);
  requireNumbers(op, 'points', values);
  const moved = new Float32Array(values.length);
  for (let i = 0; i < moved.length; i++) moved[i] = values[i] - (origin[i % columns] ?? 0);
  return { values: moved, origin: origin.map(() => 0) };
}

/**
 * The place of a float32 coordinate in cells of the finest grid, whose floor is its cell: everything that needs cells of
 * points has them from here, or from the kernels of points.as.ts, which compute the same.
 */
export function placeInCells(value: number, origin: number, voxelSize: number): number {
  return Math.fround(Math.fround(value - Math.fround(origin)) / Math.fround(voxelSize));
}
