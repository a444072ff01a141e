import type { Shape } from './shapes.js';

export interface ShapeInColumn {
  readonly shape: Shape;
  readonly near: number;
  readonly far: number;
}

/** For each column the shapes that it may cross, nearest first. */
export function shapesByColumn(shapes: readonly Shape[], columnCount: number, farthest: number): ShapeInColumn[][] {
  const columns: ShapeInColumn[][] = Array.from({ length: columnCount }, () => []);
  const bounded = shapes
    .map((shape) => {
      const centre = Math.hypot(shape.x, shape.y);
      return { shape, centre, near: Math.max(0, centre - shape.radius), far: centre + shape.radius };
    })
    .filter(({ near }) => near < farthest)
    .sort((a, b) => a.near - b.near);
  for (const { shape, centre, near, far } of bounded) {
    const middle = (Math.atan2(shape.y, shape.x) / (2 * Math.PI)) * columnCount;
    const half =
      centre > shape.radius ? (Math.asin(shape.radius / centre) / (2 * Math.PI)) * columnCount : columnCount / 2;
    for (
      let column = Math.floor(middle - half);
      column <= Math.min(Math.ceil(middle + half), Math.floor(middle - half) + columnCount - 1);
      column++
    ) {
      columns[(column + 2 * columnCount) % columnCount].push({ shape, near, far });
    }
  }
  return columns;
}
