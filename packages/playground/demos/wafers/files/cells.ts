import { waferSide } from '@tfjs-sparse/wafer-sscn';
import { requireFile } from '../../../src/files/require-file.js';

/** `cells`, all of which must be 0, 1 or 2; `map` counts from 0. */
export function requireCells(cells: Uint8Array, map: number): Uint8Array {
  const odd = cells.findIndex((value) => value > 2);
  if (odd >= 0) {
    const place = `in row ${Math.floor(odd / waferSide) + 1}, column ${(odd % waferSide) + 1} of map ${map + 1}`;
    requireFile(false, 'cells must be 0 (outside), 1 (pass) or 2 (fail)', `${cells[odd]} ${place}`);
  }
  return cells;
}
