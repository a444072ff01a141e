import type { AttentionView } from '@tfjs-sparse/shapes-flatformer';
import { pickedColour } from './picture-colours.js';

const lineColour = [255, 176, 64];
const leastAlpha = 40; // a line of little weight is still seen

/** Lines between points, as a view of points takes them. */
export interface Lines {
  /** float32 `[lines, 2, 3]` */
  readonly ends: Float32Array;
  /** uint8 `[lines, 4]` */
  readonly rgba: Uint8Array;
}

export const noLines: Lines = { ends: new Float32Array(), rgba: new Uint8Array() };

/**
 * Lines from a point to what it attends to, the brighter the more, one to each cell, and a cross at the point itself.
 *
 * @param points float32 `[points, 3]`
 * @param seen   cells and attention of the points; null while they are not known
 * @param arm    length of an arm of the cross
 */
export function attentionLines(
  points: Float32Array,
  picked: number,
  seen: Pick<AttentionView, 'cells' | 'attention'> | null,
  arm: number,
): Lines {
  const placeOf = (point: number) => [...points.subarray(3 * point, 3 * point + 3)];
  const from = placeOf(picked);
  const targets = new Map<number, readonly [weight: number, point: number]>(); // by cell
  seen?.attention?.forEach((weight, point) => {
    const cell = seen.cells[point];
    if (weight > 0 && !targets.has(cell)) targets.set(cell, [weight, point]);
  });
  const ascending = [...targets.values()].sort(([a], [b]) => a - b); // the brightest are drawn last
  const largest = ascending.at(-1)?.[0] ?? 1;
  const arms = [0, 1, 2].map((axis) => [-arm, arm].flatMap((step) => moved(from, axis, step)));
  const alphaOf = (weight: number) => leastAlpha + (255 - leastAlpha) * (weight / largest);
  return {
    ends: Float32Array.from([...ascending.flatMap(([, point]) => [...from, ...placeOf(point)]), ...arms.flat()]),
    rgba: Uint8Array.from([
      ...ascending.flatMap(([weight]) => [...lineColour, alphaOf(weight)]),
      ...arms.flatMap(() => [...pickedColour, 255]),
    ]),
  };
}

function moved(place: readonly number[], axis: number, step: number): number[] {
  return place.map((value, i) => (i === axis ? value + step : value));
}
