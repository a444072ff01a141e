import { requireRange } from '../errors.js';
import { hasSimd } from '../wasm/features.js';
import { withHostArena, type HostArena } from '../wasm/host-memory.js';
import { requireInside, type CoordinateMapOptions } from './coordinate-limits.js';
import { boundsOf, groupRowsIn, rowSpillBytes, type RowGrouping } from './group-rows.js';
import { indexKernels } from './index-kernels.js';
import type { Bounds } from './key-space.js';
import * as reference from './reference.js';

/** Points and the grid that they fall into; arrays have one entry per axis. */
export interface PointCells {
  /** Float32 `[points, pointStride]`: position in the first `rank` columns. */
  readonly points: Float32Array;
  readonly pointStride: number;
  readonly voxelSize: readonly number[];
  readonly origin: readonly number[];
  /** Int32 `[points]`: cloud of each point; without it all points belong to cloud 0. */
  readonly batchIndices?: Int32Array;
}

const lanes = 4; // of a float32 vector: positions have at most four axes

/**
 * Sites of points: cell = floor((position - origin) / voxelSize), all in float32.
 *
 * @returns the grouping, and the bounds of its coordinates
 */
export function groupPoints(
  cells: PointCells,
  options: CoordinateMapOptions,
): { grouping: RowGrouping; bounds: Bounds } {
  if (!hasSimd()) {
    requireFinite(cells);
    const rows = reference.voxelRows(cells);
    const columns = 1 + cells.voxelSize.length;
    const bounds = reference.boundsOf(rows, columns);
    requireInside(bounds, options, () => rows);
    return { grouping: reference.groupRows(rows, columns), bounds };
  }
  return withHostArena((arena) => {
    const { rows, bounds } = voxelizeIn(arena, cells);
    requireInside(bounds, options, () => reference.voxelRows(cells));
    return { grouping: groupRowsIn(arena, rows, pointCountOf(cells), bounds), bounds };
  });
}

/** Writes the row (batch, cell) of every point into the arena. */
function voxelizeIn(arena: HostArena, cells: PointCells): { rows: number; bounds: Bounds } {
  const { points, pointStride, voxelSize, origin, batchIndices } = cells;
  const rank = voxelSize.length;
  const pointCount = pointCountOf(cells);
  const pointsPointer = arena.alloc(points.byteLength + rowSpillBytes);
  const batches = batchIndices ? arena.alloc(pointCount * 4) : 0;
  const rowBytes = (1 + rank) * 4;
  const rows = arena.alloc(pointCount * rowBytes + rowSpillBytes);
  const originPointer = arena.alloc(lanes * 4);
  const voxelPointer = arena.alloc(lanes * 4);
  const boundsPointer = arena.alloc(3 * lanes * 4);
  arena.float32(pointsPointer, points.length).set(points);
  if (batchIndices) arena.int32(batches, pointCount).set(batchIndices);
  arena.float32(originPointer, lanes).fill(0).set(origin);
  arena.float32(voxelPointer, lanes).fill(1).set(voxelSize);
  indexKernels().voxelizePoints(
    pointsPointer,
    pointCount,
    pointStride * 4,
    originPointer,
    voxelPointer,
    batches,
    rows,
    rowBytes,
    boundsPointer,
  );
  const minimum = [...arena.float32(boundsPointer, rank)];
  const maximum = [...arena.float32(boundsPointer + lanes * 4, rank)];
  const isNumber = arena.int32(boundsPointer + 2 * lanes * 4, rank);
  if (isNumber.includes(0) || ![...minimum, ...maximum].every(Number.isFinite)) requireFinite(cells);
  const batchBounds = batchIndices ? boundsOf(batchIndices, 1) : { minimum: [0], maximum: [0] };
  return {
    rows,
    bounds: { minimum: [...batchBounds.minimum, ...minimum], maximum: [...batchBounds.maximum, ...maximum] },
  };
}

function pointCountOf({ points, pointStride }: PointCells): number {
  return points.length / pointStride;
}

function requireFinite({ points, pointStride, voxelSize }: PointCells): void {
  for (let point = 0; point * pointStride < points.length; point++) {
    const position = points.subarray(point * pointStride, point * pointStride + voxelSize.length);
    requireRange(
      position.every(Number.isFinite),
      'CoordinateMap',
      'point positions must be finite',
      `[${position.join(', ')}] in point ${point}`,
    );
  }
}
