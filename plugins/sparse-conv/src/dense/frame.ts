import { requireRange, type CoordinateMap } from '@tfjs-sparse/core';

/** A box of cells: the coordinates of its first cell and its cells per axis. */
export interface Frame {
  readonly origin: readonly number[];
  readonly spatialShape: readonly number[];
}

/** Completes a frame: the map's spatial shape from 0, else the least box that holds all sites. */
export function frameOf(op: string, map: CoordinateMap, given: Partial<Frame>): Frame {
  checkAxes(op, 'spatialShape', map.rank, given.spatialShape, 1);
  checkAxes(op, 'origin', map.rank, given.origin, -Infinity);
  const spatialShape = given.spatialShape ?? map.spatialShape;
  if (spatialShape) return { spatialShape, origin: given.origin ?? spatialShape.map(() => 0) };
  const { least, greatest } = boundsOf(map);
  const origin = given.origin ?? least;
  return { origin, spatialShape: greatest.map((last, axis) => Math.max(last - origin[axis] + 1, 1)) };
}

/** Cells of the frame of all clouds. */
export function cellCount(map: CoordinateMap, { spatialShape }: Frame): number {
  return spatialShape.reduce((cells, size) => cells * size, map.batchSize);
}

function checkAxes(op: string, name: string, rank: number, values: readonly number[] | undefined, least: number): void {
  requireRange(
    !values || (values.length === rank && values.every((value) => Number.isInteger(value) && value >= least)),
    op,
    `${name} must have ${rank} ${least > 0 ? 'positive ' : ''}integers (one per axis)`,
    values,
  );
}

/** Least and greatest coordinates; 0 without sites. */
function boundsOf({ coordinates, rank }: CoordinateMap): { least: number[]; greatest: number[] } {
  const least = Array.from({ length: rank }, (_, axis) => coordinates[1 + axis] ?? 0);
  const greatest = [...least];
  for (let row = 0; row < coordinates.length; row += 1 + rank) {
    for (let axis = 0; axis < rank; axis++) {
      const coordinate = coordinates[row + 1 + axis];
      least[axis] = Math.min(least[axis], coordinate);
      greatest[axis] = Math.max(greatest[axis], coordinate);
    }
  }
  return { least, greatest };
}
