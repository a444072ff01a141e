import { requireList, requireType } from '@tfjs-sparse/core';
import type { WaferMap } from './wafer-map.js';

const fewestRows = 5; // no wafer has so few dies that fewer rows would be one
const widest = 300; // cells of a row; as a flat map they would be 17 x 17
const longest = 2; // times the shorter side of a map: rows of cells are about as many as the cells of a row

/**
 * Checks a list of maps. The rows of one map are a list too, of flat maps: lists of flat numbers of one length that are about
 * as many as they are long are taken for them. So many maps of so few cells can be given as rows each.
 *
 * @throws TypeError for another thing than a list, and for one map in place of a list
 */
export function requireMaps(op: string, maps: readonly WaferMap[]): void {
  requireList(op, 'maps', 'maps', maps);
  const count = maps.length;
  const widths = new Set(maps.map((map) => ('length' in map && typeof map[0] === 'number' ? map.length : 0)));
  const [width] = widths;
  const areAsMany = count >= fewestRows && width <= widest && count <= longest * width && width <= longest * count;
  const areRows = widths.size === 1 && areAsMany;
  requireType(!areRows, op, 'maps must be a list of maps, of one too: [map]', `${count} rows of ${width} cells`);
}
