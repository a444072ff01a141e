import { requireRange, type Points } from '@tfjs-sparse/core';
import { readPositions, type PointColumns, type Positions } from '@tfjs-sparse/packs';

/** How far from the sensor a coordinate may be, in metres: more is no scan, or in another unit, and far more fits no voxel grid. */
export const farthestPoint = 10_000;

/**
 * The positions of a scan's points.
 *
 * @throws RangeError or TypeError that says what the points must be
 */
export function scanPoints(op: string, points: Points, columns: PointColumns): Positions {
  const read = readPositions(op, points, columns, 'points must be numbers of x, y, z in metres');
  const { positions } = read;
  for (let i = 0; i < positions.length; i++) {
    if (Math.abs(positions[i]) <= farthestPoint) continue;
    const rule = `coordinates must be within ${farthestPoint} m of the sensor (are they in millimetres?)`;
    requireRange(false, op, rule, `${positions[i]} in point ${Math.floor(i / 3)}`);
  }
  return read;
}
