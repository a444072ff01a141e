import { requireRange } from '@tfjs-sparse/core';
import { firstThree } from './columns.js';

const op = 'readNpy';

/** An array of NumPy's .npy format (versions 1 to 3), shape `[points, 3 or more]`, float32 or float64. */
export function readNpy(contents: Uint8Array<ArrayBuffer>): Float32Array {
  const { shape, type, isFortran, byteOffset } = npyHeader(contents);
  requireRange(
    shape.length === 2 && shape[1] >= 3,
    op,
    'the shape must be [points, 3 or more]',
    `[${shape.join(', ')}]`,
  );
  requireRange(
    type === '<f4' || type === '<f8',
    op,
    'the type must be little-endian float32 or float64 (<f4, <f8)',
    type,
  );
  requireRange(!isFortran, op, 'the array must be in C order', 'Fortran order');
  const byteCount = shape[0] * shape[1] * Number(type[2]);
  const rest = contents.length - byteOffset;
  requireRange(byteCount === rest, op, `the values must be ${byteCount} bytes, as shape and type say`, `${rest} bytes`);
  const { buffer } = contents.slice(byteOffset); // aligned
  return firstThree(type === '<f4' ? new Float32Array(buffer) : new Float64Array(buffer), shape[1]);
}

export interface NpyHeader {
  readonly shape: readonly number[];
  /** NumPy's name of the type, such as `<f4`. */
  readonly type: string;
  readonly isFortran: boolean;
  /** Where the values begin. */
  readonly byteOffset: number;
}

export function npyHeader(contents: Uint8Array<ArrayBuffer>): NpyHeader {
  const isNpy = contents.length >= 12 && magic.every((byte, i) => contents[i] === byte);
  requireRange(isNpy, op, 'the file must begin with \\x93NUMPY', `${contents.length} other bytes`);
  const view = new DataView(contents.buffer, contents.byteOffset, contents.byteLength);
  const version = contents[6];
  requireRange(version >= 1 && version <= 3, op, 'the format version must be 1 to 3', version);
  const headerStart = version === 1 ? 10 : 12;
  const byteOffset = headerStart + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  requireRange(byteOffset <= contents.length, op, 'the header must end in the file', `an end at byte ${byteOffset}`);
  requireRange(byteOffset <= maxHeaderBytes, op, `the header must be at most ${maxHeaderBytes} bytes`, byteOffset);
  const text = new TextDecoder('latin1').decode(contents.subarray(headerStart, byteOffset));
  const type = /'descr':\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const sizes = /'shape':\s*\(([\d,\s]*)\)/.exec(text)?.[1];
  const isWhole = type !== undefined && order !== undefined && sizes !== undefined;
  requireRange(
    isWhole,
    op,
    'the header must have descr (of one type), fortran_order and shape',
    text.trim().slice(0, 80),
  );
  const shape = sizes
    .split(',')
    .filter((size) => size.trim() !== '')
    .map(Number);
  return { shape, type, isFortran: order === 'True', byteOffset };
}

const magic = [0x93, ...new TextEncoder().encode('NUMPY')];
const maxHeaderBytes = 65_536;
