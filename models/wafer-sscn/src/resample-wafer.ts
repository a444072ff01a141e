import type { WaferGrid } from './wafer-map.js';
import { waferSide } from './wafer-size.js';

/**
 * A map on another grid, by default the network's: each cell takes the value at its centre, as the maps that the network
 * was trained on look. The same grid gives the same map.
 *
 * @returns uint8 `[toHeight * toWidth]`
 */
export function resampleWafer(
  { height, width, values }: WaferGrid,
  toHeight = waferSide,
  toWidth = waferSide,
): Uint8Array {
  const rows = centres(height, toHeight);
  const columns = centres(width, toWidth);
  return Uint8Array.from({ length: toHeight * toWidth }, (_, cell) => {
    return values[rows[Math.floor(cell / toWidth)] * width + columns[cell % toWidth]];
  });
}

/** Which of `from` cells in a row the centres of `to` cells over the same length lie in. */
function centres(from: number, to: number): number[] {
  return Array.from({ length: to }, (_, cell) => Math.floor(((2 * cell + 1) * from) / (2 * to)));
}
