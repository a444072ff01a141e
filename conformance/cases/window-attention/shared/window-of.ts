import type { WindowOptions } from '@tfjs-sparse/window-attention';
import type { Site } from '../../../oracle/sites.js';

/** Cloud and window of a site. */
export function windowOf([cloud, ...cell]: Site, { windowSize, shift }: WindowOptions): number[] {
  return [cloud, ...cell.map((value, axis) => Math.floor((value + (shift?.[axis] ?? 0)) / windowSize[axis]))];
}
