import { drawCells } from '../../src/shell/draw-cells.js';
import type { CellPicture } from './tasks.js';

const colour = [31, 95, 191] as const;
const least = 60; // of 255: a cell with any value is seen

/** Outputs downwards, inputs to the right; the darker, the fewer zeros. */
export function cellsCanvas({ rows, columns, shares }: CellPicture): HTMLCanvasElement {
  return drawCells(rows, columns, (cell) =>
    shares[cell] === 0 ? null : [...colour, least + Math.round(((255 - least) * shares[cell]) / 255)],
  );
}
