import type { Random } from './random.js';
import type { Triangle } from './surfaces.js';
import { cross, plus, type Vector } from './vector.js';

/** Points on a surface, the same number on every part of it in the mean. */
export function sampleSurface(triangles: readonly Triangle[], count: number, random: Random): Vector[] {
  const ends: number[] = []; // of the areas, one after the other
  for (const [a, b, c] of triangles) {
    ends.push((ends.at(-1) ?? 0) + Math.hypot(...cross(plus(b, a, -1), plus(c, a, -1))));
  }
  return Array.from({ length: count }, () => {
    const [a, b, c] = triangles[firstAbove(ends, random.between(0, ends[ends.length - 1]))];
    let [u, v] = [random.between(0, 1), random.between(0, 1)];
    if (u + v > 1) [u, v] = [1 - u, 1 - v];
    return plus(plus(a, plus(b, a, -1), u), plus(c, a, -1), v);
  });
}

function firstAbove(ends: readonly number[], value: number): number {
  let [low, high] = [0, ends.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
