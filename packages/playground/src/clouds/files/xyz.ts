import { columnsRule, mostColumns } from '@tfjs-sparse/lidar-minkunet';
import { requireFile } from '../../files/require-file.js';
import { linesOf, pointsOfLines } from './number-columns.js';

/**
 * Lines that begin with x, y and z, with blanks, commas or semicolons between. The first may name the columns; lines that
 * begin with # or // are left out.
 *
 * @returns float64 `[points, 3]`
 */
export function readXyz(contents: Uint8Array): Float64Array {
  const lines = linesOf(contents).filter((line) => !/^\s*(#|\/\/)/.test(line));
  const rows = /^\s*"?x\b/i.test(lines[0] ?? '') ? lines.slice(1) : lines;
  const columns = rows.map((row) => row.replaceAll(/[,;]/g, ' '));
  const width = columns[0]?.trim().split(/\s+/).length ?? 0;
  requireFile(width <= mostColumns, `points must have ${columnsRule}`, width);
  return pointsOfLines(columns, () => [0, 1, 2], columns.length);
}
