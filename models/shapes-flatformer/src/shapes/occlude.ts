import type { Random } from './random.js';
import { dot, type Rotation, type Vector } from './vector.js';

const cells = 24; // of the depth picture, on each axis
const thickness = 0.35; // of what is seen behind the nearest point of a cell

/** What is seen of points within a ball of radius 1 from far along the first row of `view`. */
export function seenFrom(points: readonly Vector[], view: Rotation): Vector[] {
  const nearest = new Map<number, number>();
  const cellOf = (point: Vector) => {
    const [column, row] = [1, 2].map((axis) => Math.floor(((dot(view[axis], point) + 1) / 2) * cells));
    return row * 2 * cells + column;
  };
  for (const point of points) {
    const cell = cellOf(point);
    nearest.set(cell, Math.max(nearest.get(cell) ?? -Infinity, dot(view[0], point)));
  }
  return points.filter((point) => dot(view[0], point) > nearest.get(cellOf(point))! - thickness);
}

/** Points but for those that are farthest along a direction. */
export function cutOff(points: readonly Vector[], share: number, random: Random): Vector[] {
  const direction = random.direction();
  const byDistance = [...points].sort((a, b) => dot(direction, a) - dot(direction, b));
  return byDistance.slice(0, Math.ceil(points.length * (1 - share)));
}
