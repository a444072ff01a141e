import type { ExactTensor } from '../../../src/tensor-operation.js';

export interface RopeAttrs {
  readonly heads: number;
  readonly frequency?: number;
  readonly axes?: readonly number[];
}

/** The rows turned by the angles of their coordinates, `sign` 1, or turned back, -1. */
export function turned(
  x: ExactTensor,
  coordinates: ExactTensor,
  { heads, frequency = 100, axes }: RopeAttrs,
  sign: number,
) {
  const [sites, width] = x.shape;
  const columns = coordinates.shape[1];
  const along = axes ?? Array.from({ length: columns - 1 }, (_, axis) => axis);
  const share = width / heads / along.length;
  const y = x.values.slice();
  for (let site = 0; site < sites; site++) {
    for (let head = 0; head < heads; head++) {
      along.forEach((axis, place) => {
        for (let i = 0; i < share / 2; i++) {
          const angle = sign * coordinates.values[site * columns + 1 + axis] * frequency ** ((-2 * i) / share);
          const first = site * width + (head * along.length + place) * share + i;
          const [u, v] = [x.values[first], x.values[first + share / 2]];
          y[first] = u * Math.cos(angle) - v * Math.sin(angle);
          y[first + share / 2] = u * Math.sin(angle) + v * Math.cos(angle);
        }
      });
    }
  }
  return y;
}
