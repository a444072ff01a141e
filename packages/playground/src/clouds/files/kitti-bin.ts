import { threeFrom } from './columns.js';
import { requireFile } from '../../files/require-file.js';
import type { BinLayout } from './bin-layout.js';

/** The page has a list of them. */
export const columnsHint = 'pick another number of columns, --columns on the command line';

/** Rows of little-endian float32 with x, y, z at the beginning, or behind a batch index. */
export function readKittiBin(contents: Uint8Array<ArrayBuffer>, { columns, first }: BinLayout): Float64Array {
  const rule = `the file must have a whole number of points of ${columns} float32 (${columnsHint})`;
  requireFile(contents.length % (4 * columns) === 0, rule, `${contents.length} bytes`);
  return threeFrom(first, new Float32Array(contents.slice().buffer), columns);
}
