import type { WaferGrid } from '@tfjs-sparse/wafer-sscn';
import { drawCells, type Colour } from '../../src/shell/draw-cells.js';
import type { SiteLevel } from './site-levels.js';

// The same on light and dark cards.
const pass: Colour = [128, 144, 162, 90];
const fail: Colour = [226, 84, 46, 255];
const site: Colour = [52, 128, 214, 255];
const empty: Colour = [128, 144, 162, 40];

/** A picture of a wafer map, one pixel a die. */
export function drawMap({ height, width, values }: WaferGrid): HTMLCanvasElement {
  return drawCells(height, width, (cell) => (values[cell] === 2 ? fail : values[cell] === 1 ? pass : null));
}

/** A picture of the active sites of a level, one pixel a cell. */
export function drawSites({ spatialShape: [rows, columns], coordinates }: SiteLevel): HTMLCanvasElement {
  const active = new Set<number>();
  for (let start = 0; start < coordinates.length; start += 3) {
    active.add(coordinates[start + 1] * columns + coordinates[start + 2]);
  }
  return drawCells(rows, columns, (cell) => (active.has(cell) ? site : empty));
}
