import { threeFrom } from './columns.js';
import type { Place } from '../../demo.js';
import { requireFile } from '../../files/require-file.js';
import type { BinLayout } from './bin-layout.js';

/** How another number of columns is said: the page has a list of them. */
export function columnsHint(place: Place): string {
  return place === 'page' ? 'pick another number of columns' : '--columns N says otherwise';
}

/** Rows of little-endian float32 with x, y, z at the beginning, or behind a batch index. */
export function readKittiBin(
  contents: Uint8Array<ArrayBuffer>,
  { columns, first }: BinLayout,
  place: Place,
): Float64Array {
  const rule = `the file must have a whole number of points of ${columns} float32 (${columnsHint(place)})`;
  requireFile(contents.length % (4 * columns) === 0, rule, `${contents.length} bytes`);
  return threeFrom(first, new Float32Array(contents.slice().buffer), columns);
}
