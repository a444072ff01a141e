import { requireFile } from './require-file.js';

/** What the elements of a file must be. */
export interface ImageKind {
  /** What the file's images are called, e.g. `maps`. */
  readonly plural: string;
  /** Rows and columns; any where it is absent. */
  readonly side?: number;
}

export interface IdxImages {
  readonly rows: number;
  readonly columns: number;
  /** uint8 `[rows * columns]` each */
  readonly images: readonly Uint8Array[];
}

/**
 * The idx format of MNIST: two zero bytes, element type (8: unsigned byte), number of dimensions, the big-endian sizes
 * `[images, rows, columns]`, then the values.
 */
export function readIdx(contents: Uint8Array, { plural, side }: ImageKind): IdxImages {
  const [, , type, rank] = contents;
  requireFile(type === unsignedByte, 'an idx file must hold unsigned bytes (type 8)', `type ${type}`);
  requireFile(rank === 3, `an idx file must have 3 dimensions (${plural}, rows, columns)`, rank);
  const isWhole = contents.length >= headerBytes;
  requireFile(isWhole, `an idx file must have a header of ${headerBytes} bytes`, contents.length);
  const [count, rows, columns] = sizesOf(contents);
  const isFitting = side === undefined || (rows === side && columns === side);
  requireFile(isFitting, `the ${plural} of an idx file must be ${side} x ${side}`, `${rows} x ${columns}`);
  const pixelCount = rows * columns;
  requireFile(pixelCount > 0, `the ${plural} of an idx file must have rows and columns`, `${rows} x ${columns}`);
  const expected = headerBytes + count * pixelCount;
  const rule = `an idx file of ${count} ${plural} must have ${expected} bytes`;
  requireFile(contents.length === expected, rule, contents.length);
  const images = Array.from({ length: count }, (_, image) => {
    const start = headerBytes + image * pixelCount;
    return contents.slice(start, start + pixelCount); // whoever sends a part of an array sends all of it
  });
  return { rows, columns, images };
}

export function isIdx([first, second]: Uint8Array): boolean {
  return first === 0 && second === 0;
}

/** True for the beginning of an idx file whose images have this size. */
export function isIdxOf(beginning: Uint8Array, side: number): boolean {
  if (!isIdx(beginning) || beginning[3] !== 3 || beginning.length < headerBytes) return false;
  const [, rows, columns] = sizesOf(beginning);
  return rows === side && columns === side;
}

const unsignedByte = 8;
const headerBytes = 16;

function sizesOf(contents: Uint8Array): number[] {
  const view = new DataView(contents.buffer, contents.byteOffset);
  return [4, 8, 12].map((byteOffset) => view.getUint32(byteOffset));
}
