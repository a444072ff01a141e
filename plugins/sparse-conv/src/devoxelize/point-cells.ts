import { int32Array, requireRange } from '@tfjs-sparse/core';

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
  /** Float32 `[points, rank]` */
  readonly positions: Float32Array;
  readonly batchIndices: Int32Array;
}

/** (point - origin) / (voxelSize * stride), in float32 as `voxelize` computes it. */
export function pointCells(
  op: string,
  points: Float32Array | readonly (readonly number[])[],
  stride: readonly number[],
  { voxelSize = 1, origin = stride.map(() => 0), batchIndices }: PointGrid,
): PointCells {
  const rank = stride.length;
  const values = points instanceof Float32Array ? points : flatRows(op, points, rank);
  requireRange(values.length % rank === 0, op, `points must have shape [points, ${rank}]`, `${values.length} numbers`);
  const count = values.length / rank;
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
  const positions = values.map((value, i) => {
    const axis = i % rank;
    return Math.fround(value - Math.fround(origin[axis])) / Math.fround(sizes[axis] * stride[axis]);
  });
  const broken = positions.findIndex((position) => !(Math.abs(position) < 2 ** 20)); // cells have 21 bits with sign
  requireRange(broken < 0, op, 'points must be finite and within 2^20 cells of the origin', values[broken]);
  return {
    count,
    rank,
    positions,
    batchIndices: int32Array(op, 'batchIndices', batchIndices ?? new Int32Array(count)),
  };
}

function flatRows(op: string, rows: readonly (readonly number[])[], rank: number): Float32Array {
  const ragged = rows.find((row) => row.length !== rank);
  requireRange(!ragged, op, `points must have ${rank} columns in every row`, ragged?.length);
  return Float32Array.from(rows.flat());
}
