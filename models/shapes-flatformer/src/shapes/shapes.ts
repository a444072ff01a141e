import type { Label } from '../labels.js';
import type { Random } from './random.js';
import { box, polygon, pyramid, revolved, sheet, tube, type ProfilePoint, type Triangle } from './surfaces.js';
import type { Vector } from './vector.js';

const circle = 2 * Math.PI;

/** Draws the surface of a shape of each class, upright and of about size 1; proportions are drawn too. */
export const shapes: Readonly<Record<Label, (random: Random) => Triangle[]>> = {
  sphere: () => revolved(arc([0, 0], 1, -circle / 4, circle / 4)),

  box: (random) => box([0, 0, 0], [1, random.between(0.5, 1), random.between(0.4, 1)]),

  cylinder(random) {
    const half = random.between(0.6, 1.6);
    return revolved([
      [0, -half],
      [1, -half],
      [1, half],
      [0, half],
    ]);
  },

  cone: (random) =>
    revolved([
      [0, 0],
      [1, 0],
      [0, random.between(1.4, 2.8)],
    ]),

  capsule(random) {
    const half = random.between(0.6, 1.6);
    return revolved([...arc([0, -half], 1, -circle / 4, 0), ...arc([0, half], 1, 0, circle / 4)]);
  },

  torus(random) {
    const radius = random.between(0.2, 0.42);
    return revolved(arc([1, 0], radius, 0, circle));
  },

  pyramid: (random) => pyramid(polygon(4, 1), [0, 0, random.between(0.9, 1.8)]),

  tetrahedron: () => pyramid(polygon(3, 1), [0, 0, Math.SQRT2]),

  octahedron: () => {
    const base = polygon(4, 1);
    return [-1, 1].flatMap((height) => base.map((corner, i): Triangle => [corner, base[(i + 1) % 4], [0, 0, height]]));
  },

  helix(random) {
    const [turns, rise] = [random.between(2, 4), random.between(0.5, 0.8)];
    const pointAt = (t: number): Vector => [
      Math.cos(circle * turns * t),
      Math.sin(circle * turns * t),
      rise * turns * (t - 0.5),
    ];
    return tube(pointAt, random.between(0.08, 0.16));
  },

  'Möbius strip'(random) {
    const half = random.between(0.25, 0.45);
    const pointAt = (u: number, v: number): Vector => {
      const [angle, across] = [circle * u, half * (2 * v - 1)];
      const radius = 1 + across * Math.cos(angle / 2);
      return [radius * Math.cos(angle), radius * Math.sin(angle), across * Math.sin(angle / 2)];
    };
    return sheet(pointAt, 64, 4);
  },

  'trefoil knot'(random) {
    const pointAt = (t: number): Vector => {
      const angle = circle * t;
      const x = Math.sin(angle) + 2 * Math.sin(2 * angle);
      return [x, Math.cos(angle) - 2 * Math.cos(2 * angle), -Math.sin(3 * angle)];
    };
    return tube(pointAt, random.between(0.25, 0.5));
  },

  saddle(random) {
    const bend = random.between(0.4, 0.8);
    return sheet((u, v) => [2 * u - 1, 2 * v - 1, bend * ((2 * u - 1) ** 2 - (2 * v - 1) ** 2)], 16, 16);
  },

  /** Three rods through one point. */
  jack(random) {
    const width = random.between(0.2, 0.45);
    return [
      ...box([0, 0, 0], [2, width, width]),
      ...box([0, 0, 0], [width, 2, width]),
      ...box([0, 0, 0], [width, width, 2]),
    ];
  },

  table(random) {
    const [length, width, height] = [random.between(1.2, 2), random.between(0.9, 1.2), random.between(0.7, 1.1)];
    return [...box([0, 0, height], [length, width, 0.1]), ...legs(length, width, height)];
  },

  chair(random) {
    const [width, depth, height] = [random.between(0.8, 1), random.between(0.8, 1), random.between(0.7, 1)];
    const back = random.between(0.7, 1.2);
    return [
      ...box([0, 0, height], [width, depth, 0.1]),
      ...box([0, depth / 2, height + back / 2], [width, 0.1, back]),
      ...legs(width, depth, height),
    ];
  },
};

/** Points of a circle in the half plane of radius and height. */
function arc([radius, height]: ProfilePoint, size: number, from: number, to: number): ProfilePoint[] {
  const parts = 16;
  return Array.from({ length: parts + 1 }, (_, i) => {
    const angle = from + ((to - from) * i) / parts;
    return [radius + size * Math.cos(angle), height + size * Math.sin(angle)];
  });
}

function legs(length: number, width: number, height: number): Triangle[] {
  const thick = 0.1;
  return [-1, 1].flatMap((x) =>
    [-1, 1].flatMap((y) =>
      box([(x * (length - thick)) / 2, (y * (width - thick)) / 2, height / 2], [thick, thick, height]),
    ),
  );
}
