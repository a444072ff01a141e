import { waferSide } from '@tfjs-sparse/wafer-sscn';
import { gunzip } from '../../../src/files/gunzip.js';
import { isIdx, readIdx } from '../../../src/files/idx.js';
import { isPng } from '../../../src/files/png.js';
import { requireCells } from './cells.js';
import { readCsv } from './csv.js';
import { readPngMap } from './png.js';
import { requireFile } from '../../../src/files/require-file.js';

/**
 * Reads wafer maps from the contents of an idx, PNG or CSV file, possibly gzipped; the contents say which it is.
 *
 * @returns maps, uint8 `[64 * 64]` each: 0 outside of the wafer, 1 pass, 2 fail
 */
export async function readWafers(file: Uint8Array<ArrayBuffer>): Promise<Uint8Array[]> {
  const contents = await gunzip(file);
  requireFile(contents.length > 0, 'a file of wafer maps must not be empty', '0 bytes');
  if (isPng(contents)) return [readPngMap(contents)];
  if (isIdx(contents)) return readIdx(contents, { plural: 'maps', side: waferSide }).map(requireCells);
  return readCsv(contents);
}
