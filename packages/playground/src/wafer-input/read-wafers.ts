import { requireRange } from '@tfjs-sparse/core';
import { readCsv } from './csv.js';
import { gunzip } from './gunzip.js';
import { readIdx } from './idx.js';
import { readPng } from './png.js';

/** The name under which this folder's errors appear. */
export const op = 'readWafers';

/**
 * Reads wafer maps from the contents of an idx, PNG or CSV file, possibly gzipped; the contents say which it is.
 *
 * @returns maps, uint8 `[64 * 64]` each: 0 outside of the wafer, 1 pass, 2 fail
 */
export async function readWafers(contents: Uint8Array<ArrayBuffer>): Promise<Uint8Array[]> {
  requireRange(contents.length > 0, op, 'a file of wafer maps must not be empty', '0 bytes');
  if (startsWith(contents, gzipMagic)) return readWafers(await gunzip(contents));
  if (startsWith(contents, pngMagic)) return [readPng(contents)];
  if (startsWith(contents, idxMagic)) return readIdx(contents);
  return readCsv(contents);
}

const gzipMagic = [0x1f, 0x8b];
const pngMagic = [0x89, 0x50, 0x4e, 0x47];
const idxMagic = [0, 0]; // then element type and number of dimensions

function startsWith(contents: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => contents[index] === byte);
}
