import {
  arePointRows,
  flatPoints,
  int32Array,
  nearPoints,
  placeInCells,
  requirePoints,
  requireRange,
  type Points,
} from '@tfjs-sparse/core';

/** Where points lie, in the units and columns of `voxelize`. */
export interface PointGrid {
  /** Edge length of a cell of the finest grid, one for all axes or one per axis; default 1. */
  readonly voxelSize?: number | readonly number[];
  /** Corner of cell 0, per axis; default 0. */
  readonly origin?: readonly number[];
  /** Whole numbers `[points]`: cloud of each point; default 0. */
  readonly batchIndices?: ArrayLike<number>;
}

/** Positions in cells. */
export interface PointCells {
  readonly count: number;
  readonly rank: number;
  /** Float64 `[points, rank]` */
  readonly positions: Float64Array;
  readonly batchIndices: Int32Array;
}

/**
 * The places of points in cells of `stride` cells of the finest grid. Their floors are the cells of `voxelize`, and those
 * that a strided convolution makes of these: float64 divides by the stride without reaching the next cell.
 */
export function pointCells(
  op: string,
  points: Points,
  stride: readonly number[],
  { voxelSize = 1, origin = stride.map(() => 0), batchIndices }: PointGrid,
): PointCells {
  const rank = stride.length;
  requirePoints(op, points);
  const numbers = arePointRows(points) ? flatPoints(op, points, rank) : points;
  requireRange(
    numbers.length % rank === 0,
    op,
    `points must have shape [points, ${rank}]`,
    `${numbers.length} numbers`,
  );
  const count = numbers.length / rank;
  const sizes = typeof voxelSize === 'number' ? stride.map(() => voxelSize) : voxelSize;
  requireRange(
    sizes.length === rank && sizes.every((size) => size > 0 && Number.isFinite(size)),
    op,
    `voxelSize must be positive and finite, one for all axes or one for each of ${rank}`,
    voxelSize,
  );
  requireRange(
    origin.length === rank && origin.every(Number.isFinite),
    op,
    `origin must have ${rank} finite numbers (one per axis)`,
    origin,
  );
  requireRange(
    !batchIndices || batchIndices.length === count,
    op,
    `batchIndices must have one entry for each of the ${count} points`,
    batchIndices?.length,
  );
  const near = nearPoints(op, numbers, rank, origin);
  const positions = Float64Array.from(near.values, (value, i) => {
    const axis = i % rank;
    return placeInCells(value, near.origin[axis], sizes[axis]) / stride[axis];
  });
  const broken = positions.findIndex((position) => !(Math.abs(position) < 2 ** 20)); // cells have 21 bits with sign
  requireRange(broken < 0, op, 'points must be finite and within 2^20 cells of the origin', numbers[broken]);
  return {
    count,
    rank,
    positions,
    batchIndices: int32Array(op, 'batchIndices', batchIndices ?? new Int32Array(count)),
  };
}
