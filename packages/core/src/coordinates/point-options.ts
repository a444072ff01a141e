import { requireRange } from '../errors.js';
import { int32Array, requireNumbers } from '../host-arrays.js';
import type { CoordinateMapOptions } from './coordinate-limits.js';
import type { PointCells } from './group-points.js';
import { arePointRows, nearPoints, requirePoints } from './point-positions.js';

export interface PointOptions extends CoordinateMapOptions {
  /** Edge length of a cell, one for all axes or one per axis. */
  readonly voxelSize: number | readonly number[];
  /** Corner of cell 0, per axis; default 0. */
  readonly origin?: readonly number[];
  /** Floats per point; default rank. */
  readonly pointStride?: number;
  /** Whole numbers `[points]`: cloud of each point; default 0. */
  readonly batchIndices?: ArrayLike<number>;
}

/** Checks the options against the points and completes them. */
export function checkedPoints(points: ArrayLike<number>, rank: number, options: PointOptions): PointCells {
  const { pointStride = rank, batchIndices } = options;
  requirePoints('CoordinateMap', points);
  if (points.length > 0 && arePointRows(points)) requireNumbers('CoordinateMap', 'points', points);
  requireRange(
    Number.isInteger(pointStride) && pointStride >= rank && points.length % pointStride === 0,
    'CoordinateMap',
    `pointStride must be at least ${rank} (the rank) and divide the ${points.length} floats of points`,
    pointStride,
  );
  const pointCount = points.length / pointStride;
  requireRange(
    !batchIndices || batchIndices.length === pointCount,
    'CoordinateMap',
    `batchIndices must have one entry for each of the ${pointCount} points`,
    batchIndices?.length,
  );
  const voxelSize = typeof options.voxelSize === 'number' ? new Array(rank).fill(options.voxelSize) : options.voxelSize;
  requireRange(
    voxelSize.length === rank && voxelSize.every((size) => Math.fround(size) > 0 && Number.isFinite(Math.fround(size))),
    'CoordinateMap',
    `voxelSize must be positive and finite, one for all axes or one for each of ${rank}`,
    options.voxelSize,
  );
  const origin = options.origin ?? new Array(rank).fill(0);
  requireRange(
    origin.length === rank && origin.every((position) => Number.isFinite(Math.fround(position))),
    'CoordinateMap',
    `origin must have ${rank} finite numbers (one per axis)`,
    origin,
  );
  const near = nearPoints('CoordinateMap', points, pointStride, origin);
  return {
    points: near.values,
    pointStride,
    voxelSize,
    origin: near.origin,
    batchIndices: batchIndices && int32Array('CoordinateMap', 'batchIndices', batchIndices),
  };
}
