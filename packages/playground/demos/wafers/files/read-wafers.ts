import type { WaferGrid } from '@tfjs-sparse/wafer-sscn';
import { gunzip } from '../../../src/files/gunzip.js';
import { isIdx, readIdx } from '../../../src/files/idx.js';
import { isPng } from '../../../src/files/png.js';
import { requireFile } from '../../../src/files/require-file.js';
import { gridOfCells } from './cells.js';
import { isJpeg, looksLikeCsv, readCsv } from './csv.js';
import { readPngMap } from './png.js';

/** Reads wafer maps of any size from the contents of an idx, PNG or CSV file, possibly gzipped; the contents say which. */
export async function readWafers(file: Uint8Array<ArrayBuffer>): Promise<WaferGrid[]> {
  const contents = await gunzip(file);
  requireFile(contents.length > 0, 'a file of wafer maps must not be empty', '0 bytes');
  if (isPng(contents)) return [readPngMap(contents)];
  if (!isIdx(contents)) return readCsv(contents);
  const { rows, columns, images } = readIdx(contents, { plural: 'maps' });
  return images.map((values, map) => gridOfCells(rows, columns, values, map));
}

/** Whether a file may have wafer maps: their files have any name, and a gzipped one must be unpacked to tell. */
export async function mayHaveWafers(file: Uint8Array<ArrayBuffer>): Promise<boolean> {
  try {
    const contents = await gunzip(file);
    return [isPng, isIdx, isJpeg, looksLikeCsv].some((is) => is(contents));
  } catch {
    return true; // a broken archive is told by reading it
  }
}
