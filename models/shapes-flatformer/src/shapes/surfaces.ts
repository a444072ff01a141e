import { cross, plus, unit, type Vector } from './vector.js';

export type Triangle = readonly [Vector, Vector, Vector];

/** Radius and height of a point that goes around the z axis. */
export type ProfilePoint = readonly [radius: number, height: number];

const around = 32; // parts of a circle
const along = 96; // parts of a tube

/** A surface over the unit square. */
export function sheet(pointAt: (u: number, v: number) => Vector, columns: number, rows: number): Triangle[] {
  const triangles: Triangle[] = [];
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) {
      const [left, right] = [column / columns, (column + 1) / columns];
      const [low, high] = [row / rows, (row + 1) / rows];
      triangles.push(...quad(pointAt(left, low), pointAt(right, low), pointAt(right, high), pointAt(left, high)));
    }
  }
  return triangles;
}

/** What a line of points draws as it goes around the z axis. */
export function revolved(profile: readonly ProfilePoint[]): Triangle[] {
  return profile
    .slice(1)
    .flatMap((end, i) => sheet((u, v) => onCircle(between(profile[i], end, v), 2 * Math.PI * u), around, 1));
}

/** A pipe around a curve from 0 to 1, whose tangent is never along z. */
export function tube(pointAt: (t: number) => Vector, radius: number): Triangle[] {
  const step = 1e-4;
  return sheet(
    (t, v) => {
      const tangent = unit(plus(pointAt(t + step), pointAt(t - step), -1));
      const side = unit(cross(tangent, [0, 0, 1]));
      const up = cross(side, tangent);
      const angle = 2 * Math.PI * v;
      const onAxis = plus(pointAt(t), side, radius * Math.cos(angle));
      return plus(onAxis, up, radius * Math.sin(angle));
    },
    along,
    around / 4,
  );
}

export function box(centre: Vector, size: Vector): Triangle[] {
  const corner = (x: number, y: number, z: number): Vector => [
    centre[0] + (x * size[0]) / 2,
    centre[1] + (y * size[1]) / 2,
    centre[2] + (z * size[2]) / 2,
  ];
  return [-1, 1].flatMap((side) => [
    ...quad(corner(side, -1, -1), corner(side, 1, -1), corner(side, 1, 1), corner(side, -1, 1)),
    ...quad(corner(-1, side, -1), corner(1, side, -1), corner(1, side, 1), corner(-1, side, 1)),
    ...quad(corner(-1, -1, side), corner(1, -1, side), corner(1, 1, side), corner(-1, 1, side)),
  ]);
}

/** A pyramid over a polygon in the plane z = 0, with its base. */
export function pyramid(base: readonly Vector[], top: Vector): Triangle[] {
  const sides = base.map((corner, i): Triangle => [corner, base[(i + 1) % base.length], top]);
  const fan = base.slice(2).map((corner, i): Triangle => [base[0], base[i + 1], corner]);
  return [...sides, ...fan];
}

/** Corners of a regular polygon in the plane z = 0. */
export function polygon(corners: number, radius: number): Vector[] {
  return Array.from({ length: corners }, (_, i) => onCircle([radius, 0], (2 * Math.PI * i) / corners));
}

function quad(a: Vector, b: Vector, c: Vector, d: Vector): Triangle[] {
  return [
    [a, b, c],
    [a, c, d],
  ];
}

function onCircle([radius, height]: ProfilePoint, angle: number): Vector {
  return [radius * Math.cos(angle), radius * Math.sin(angle), height];
}

function between(start: ProfilePoint, end: ProfilePoint, t: number): ProfilePoint {
  return [start[0] + t * (end[0] - start[0]), start[1] + t * (end[1] - start[1])];
}
