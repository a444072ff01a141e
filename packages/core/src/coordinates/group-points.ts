import { requireRange } from '../errors.js';
import { hasSimd } from '../wasm/features.js';
import { withHostArena, type HostArena } from '../wasm/host-memory.js';
import { requireInside, type CoordinateMapOptions } from './coordinate-limits.js';
import { rowSpillBytes } from './copy-rows.js';
import { sortableIndexBits } from './group-keys.js';
import { boundsOf, groupingOfKeys, groupPlainly, groupRows, type RowGrouping } from './group-rows.js';
import { indexKernels } from './index-kernels.js';
import { noBounds, roomyKeySpace, writeKeyWeights, type Bounds } from './key-space.js';
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

/** Sites of points: cell = floor((position - origin) / voxelSize), all in float32. */
export function groupPoints(cells: PointCells, options: CoordinateMapOptions): RowGrouping {
  if (!hasSimd()) {
    requireFinite(cells);
    const rows = reference.voxelRows(cells);
    const columns = 1 + cells.voxelSize.length;
    const bounds = reference.boundsOf(rows, columns);
    requireInside(bounds, options, () => rows);
    return groupPlainly(rows, bounds);
  }
  return withHostArena((arena) => {
    const copies = copyPoints(arena, cells);
    const bounds = boundsIn(arena, cells, copies);
    requireInside(bounds, options, () => reference.voxelRows(cells));
    return groupIn(arena, cells, copies, bounds);
  });
}

/** What the point kernels read, in the arena. */
interface CellPointers {
  readonly points: number;
  readonly origin: number;
  readonly voxelSize: number;
  /** 0 when all points belong to cloud 0. */
  readonly batches: number;
}

function copyPoints(arena: HostArena, { points, voxelSize, origin, batchIndices }: PointCells): CellPointers {
  const pointers = {
    points: arena.alloc(points.byteLength + rowSpillBytes),
    origin: arena.alloc(lanes * 4),
    voxelSize: arena.alloc(lanes * 4),
    batches: batchIndices ? arena.alloc(batchIndices.byteLength) : 0,
  };
  arena.float32(pointers.points, points.length).set(points);
  arena.float32(pointers.origin, lanes).fill(0).set(origin);
  arena.float32(pointers.voxelSize, lanes).fill(1).set(voxelSize);
  if (batchIndices) arena.int32(pointers.batches, batchIndices.length).set(batchIndices);
  return pointers;
}

function boundsIn(arena: HostArena, cells: PointCells, { points, origin, voxelSize }: CellPointers): Bounds {
  const rank = cells.voxelSize.length;
  const bounds = arena.alloc(3 * lanes * 4);
  indexKernels().boundPoints(points, pointCountOf(cells), cells.pointStride * 4, origin, voxelSize, bounds);
  const minimum = [...arena.float32(bounds, rank)];
  const maximum = [...arena.float32(bounds + lanes * 4, rank)];
  const isNumber = arena.int32(bounds + 2 * lanes * 4, rank);
  if (isNumber.includes(0) || ![...minimum, ...maximum].every(Number.isFinite)) requireFinite(cells);
  const ofBatches = cells.batchIndices ? boundsOf(cells.batchIndices, 1) : noBounds(0);
  return { minimum: [...ofBatches.minimum, ...minimum], maximum: [...ofBatches.maximum, ...maximum] };
}

function groupIn(arena: HostArena, cells: PointCells, pointers: CellPointers, bounds: Bounds): RowGrouping {
  const { points, origin, voxelSize, batches } = pointers;
  const pointCount = pointCountOf(cells);
  const space = roomyKeySpace(bounds);
  const indexBits = sortableIndexBits(space.bits, pointCount);
  if (indexBits === null) return groupRows(reference.voxelRows(cells), bounds);
  const keys = arena.alloc(pointCount * 8);
  const weights = writeKeyWeights(arena, space, { indexBits });
  const pointBytes = cells.pointStride * 4;
  indexKernels().indexedKeysOfPoints(points, pointCount, pointBytes, origin, voxelSize, batches, weights, keys);
  return groupingOfKeys(arena, keys, pointCount, bounds, space, indexBits);
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
