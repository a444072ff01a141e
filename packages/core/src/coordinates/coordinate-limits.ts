import { requireRange } from '../errors.js';
import { maximumRank, type Bounds } from './key-space.js';

/** Coordinates are 21-bit integers with sign. */
export const coordinateLimit = 2 ** 20;
/** Batch indices are 15-bit integers. */
export const batchLimit = 2 ** 15;

export interface CoordinateMapOptions {
  /** Number of clouds, empty ones included; default 1 + the largest batch index, at least 1. */
  readonly batchSize?: number;
  /** Cells per axis of the grid; coordinates then lie in `[0, spatialShape)`. */
  readonly spatialShape?: readonly number[];
  /** How many cells of the finest grid one cell spans, per axis; default 1. */
  readonly stride?: readonly number[];
}

export function requireOptions(rank: number, { batchSize, spatialShape, stride }: CoordinateMapOptions): void {
  requireRange(
    Number.isInteger(rank) && rank >= 1 && rank <= maximumRank,
    'CoordinateMap',
    `rank must be 1 to ${maximumRank}`,
    rank,
  );
  requireRange(
    batchSize === undefined || (Number.isInteger(batchSize) && batchSize >= 1 && batchSize <= batchLimit),
    'CoordinateMap',
    `batchSize must be an integer from 1 to ${batchLimit}`,
    batchSize,
  );
  if (spatialShape) requirePositiveAxes('spatialShape', spatialShape, rank);
  if (stride) requirePositiveAxes('stride', stride, rank);
}

function requirePositiveAxes(name: string, values: readonly number[], rank: number): void {
  requireRange(
    values.length === rank && values.every((value) => Number.isInteger(value) && value >= 1),
    'CoordinateMap',
    `${name} must have ${rank} positive integers (one per axis)`,
    values,
  );
}

/**
 * Checks that rows fit the contract and the options; `rows` is asked for only to name the first row that does not.
 *
 * @param bounds least and greatest value of every column of the rows
 * @param rows   int32 `[rows, 1 + rank]`
 */
export function requireInside(bounds: Bounds, options: CoordinateMapOptions, rows: () => Int32Array): void {
  const { batchSize, spatialShape } = options;
  requireColumns(bounds, rows, [0], 0, batchLimit, `batch indices must lie in [0, ${batchLimit})`);
  if (batchSize !== undefined) {
    const greatest = bounds.maximum[0];
    const rule = `batchSize must be at least ${greatest + 1} (1 + the largest batch index)`;
    requireRange(greatest < batchSize, 'CoordinateMap', rule, batchSize);
  }
  const axes = bounds.minimum.slice(1).map((_, axis) => axis + 1);
  const cubeRule = `coordinates must lie in [${-coordinateLimit}, ${coordinateLimit})`;
  requireColumns(bounds, rows, axes, -coordinateLimit, coordinateLimit, cubeRule);
  spatialShape?.forEach((size, axis) => {
    const rule = `coordinates must lie inside spatialShape [${spatialShape.join(', ')}]`;
    requireColumns(bounds, rows, [axis + 1], 0, size, rule);
  });
}

function requireColumns(
  bounds: Bounds,
  rows: () => Int32Array,
  columns: readonly number[],
  least: number,
  end: number,
  rule: string,
): void {
  if (columns.every((column) => bounds.minimum[column] >= least && bounds.maximum[column] < end)) return;
  const values = rows();
  const width = bounds.minimum.length;
  const isOutside = (row: number): boolean =>
    columns.some((column) => values[row * width + column] < least || values[row * width + column] >= end);
  let row = 0;
  while (!isOutside(row)) row++;
  const found = values.subarray(row * width, (row + 1) * width);
  requireRange(false, 'CoordinateMap', rule, `[${found.join(', ')}] in row ${row}`);
}
