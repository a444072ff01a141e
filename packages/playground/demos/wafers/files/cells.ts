import type { WaferGrid } from '@tfjs-sparse/wafer-sscn';
import { requireFile } from '../../../src/files/require-file.js';

/** Rows and columns of a map: the largest of WM-811K has 300. */
export const largestSide = 1024;

/** A map whose cells all are 0, 1 or 2; `map` counts from 0. */
export function gridOfCells(height: number, width: number, values: Uint8Array, map: number): WaferGrid {
  const isSmall = height <= largestSide && width <= largestSide;
  requireFile(isSmall, `a map must have at most ${largestSide} rows and columns`, `${height} x ${width}`);
  const odd = values.findIndex((value) => value > 2);
  if (odd >= 0) {
    const place = `in row ${Math.floor(odd / width) + 1}, column ${(odd % width) + 1} of map ${map + 1}`;
    requireFile(false, 'cells must be 0 (outside), 1 (pass) or 2 (fail)', `${values[odd]} ${place}`);
  }
  return { height, width, values };
}
