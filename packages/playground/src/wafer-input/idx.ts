import { requireRange } from '@tfjs-sparse/core';
import { waferSide } from '@tfjs-sparse/wafer-sscn';
import { requireCells } from './cells.js';

/**
 * The idx format of MNIST: two zero bytes, element type (8: unsigned byte), number of dimensions, the big-endian sizes
 * `[maps, 64, 64]`, then the values.
 */
export function readIdx(contents: Uint8Array): Uint8Array[] {
  const [, , type, rank] = contents;
  requireRange(type === unsignedByte, op, 'an idx file must hold unsigned bytes (type 8)', `type ${type}`);
  requireRange(rank === 3, op, `an idx file must have 3 dimensions (maps, ${waferSide}, ${waferSide})`, rank);
  requireRange(
    contents.length >= headerBytes,
    op,
    `an idx file must have a header of ${headerBytes} bytes`,
    contents.length,
  );
  const view = new DataView(contents.buffer, contents.byteOffset);
  const [count, rows, columns] = [4, 8, 12].map((byteOffset) => view.getUint32(byteOffset));
  const isSquare = rows === waferSide && columns === waferSide;
  requireRange(isSquare, op, `the maps of an idx file must be ${waferSide} x ${waferSide}`, `${rows} x ${columns}`);
  const cells = waferSide ** 2;
  const expected = headerBytes + count * cells;
  requireRange(
    contents.length === expected,
    op,
    `an idx file of ${count} maps must have ${expected} bytes`,
    contents.length,
  );
  return Array.from({ length: count }, (_, map) => {
    const start = headerBytes + map * cells;
    return requireCells(contents.subarray(start, start + cells), map);
  });
}

const op = 'readWafers';
const unsignedByte = 8;
const headerBytes = 16;
