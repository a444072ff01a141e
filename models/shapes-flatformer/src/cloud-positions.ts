import { requireList, requireRange, requireType, type Points } from '@tfjs-sparse/core';
import { mostColumns, readPositions, type PointColumns, type Positions } from '@tfjs-sparse/packs';

/**
 * The positions of a cloud's points.
 *
 * @throws RangeError or TypeError that says what the points must be
 */
export function cloudPositions(op: string, points: Points, columns: PointColumns): Positions {
  const read = readPositions(op, points, columns, 'points must be numbers of x, y, z');
  requireRange(read.positions.length > 0, op, 'a cloud must have at least one point', 'none');
  return read;
}

/**
 * Checks a list of clouds. The rows of one cloud are a list too, of points: a list of as few numbers each as a point may have
 * is taken for them.
 *
 * @throws TypeError for another thing than a list, and for one cloud in place of a list
 */
export function requireClouds(op: string, clouds: readonly Points[]): void {
  requireList(op, 'clouds', 'clouds', clouds);
  const isPoint = (cloud: Points) => typeof cloud[0] === 'number' && cloud.length <= mostColumns;
  const areRows = clouds.length > 0 && clouds.every(isPoint);
  requireType(!areRows, op, 'clouds must be a list of clouds, of one too: [cloud]', `${clouds.length} rows of numbers`);
}
