import { firstThree } from './columns.js';
import { requireFile } from '../../../src/files/require-file.js';

/** The page has a list of them. */
export const columnsHint = 'pick another number of columns, --columns on the command line';

/** Rows of `columns` little-endian float32, the first three of them x, y, z: KITTI (4), nuScenes (5), plain (3). */
export function readKittiBin(contents: Uint8Array<ArrayBuffer>, columns: number): Float64Array {
  requireFile(Number.isInteger(columns) && columns >= 3 && columns <= 16, 'columns must be 3 to 16', columns);
  const rule = `the file must have a whole number of points of ${columns} float32 (${columnsHint})`;
  requireFile(contents.length % (4 * columns) === 0, rule, `${contents.length} bytes`);
  return firstThree(new Float32Array(contents.slice().buffer), columns);
}
