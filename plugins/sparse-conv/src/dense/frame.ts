import { requireRange, type CoordinateMap, type GridBox } from '@tfjs-sparse/core';

/** Completes a frame: the map's spatial shape from 0, else the least box that holds all sites. */
export function frameOf(op: string, map: CoordinateMap, given: Partial<GridBox>): GridBox {
  checkAxes(op, 'spatialShape', map.rank, given.spatialShape, 1);
  checkAxes(op, 'origin', map.rank, given.origin, -Infinity);
  const spatialShape = given.spatialShape ?? map.spatialShape;
  if (spatialShape) return { spatialShape, origin: given.origin ?? spatialShape.map(() => 0) };
  const [least, greatest] = [map.bounds.minimum.slice(1), map.bounds.maximum.slice(1)];
  const origin = given.origin ?? least;
  return { origin, spatialShape: greatest.map((last, axis) => Math.max(last - origin[axis] + 1, 1)) };
}

/** Cells of the frame of all clouds. */
export function cellCount(map: CoordinateMap, { spatialShape }: GridBox): number {
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
