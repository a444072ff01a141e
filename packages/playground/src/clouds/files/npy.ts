import { float16Value } from '@tfjs-sparse/core';
import { columnsRule, mostColumns } from '@tfjs-sparse/lidar-minkunet';
import { requireFile } from '../../files/require-file.js';

/** An array of NumPy's .npy format (versions 1 to 3), shape `[points, 3 to 16]`, of floats in any order of bytes and axes. */
export function readNpy(contents: Uint8Array<ArrayBuffer>): Float64Array {
  const { shape, type, isFortran, byteOffset } = npyHeader(contents);
  const found = `[${shape.join(', ')}]`;
  requireFile(shape.length === 2 && shape[1] >= 3, 'the shape must be [points, 3 or more]', found);
  requireFile(shape[1] <= mostColumns, `points must have ${columnsRule}`, shape[1]);
  requireFile(isFloat(type), 'the type must be float16, float32 or float64 (f2, f4, f8)', type);
  const [rows, columns] = shape;
  const size = Number(type[2]);
  const byteCount = rows * columns * size;
  const rest = contents.length - byteOffset;
  requireFile(byteCount === rest, `the values must be ${byteCount} bytes, as shape and type say`, `${rest} bytes`);
  const view = new DataView(contents.buffer, contents.byteOffset + byteOffset, byteCount);
  const isLittle = type[0] !== '>';
  const [rowStep, columnStep] = isFortran ? [1, rows] : [columns, 1];
  const points = new Float64Array(3 * rows);
  for (let i = 0; i < points.length; i++) {
    const at = (Math.floor(i / 3) * rowStep + (i % 3) * columnStep) * size;
    points[i] = floatAt(view, size, at, isLittle);
  }
  return points;
}

/** True for NumPy's names of float types of 2, 4 and 8 bytes. */
export function isFloat(type: string): boolean {
  return /^[<>=]f[248]$/.test(type);
}

function floatAt(view: DataView, size: number, at: number, isLittle: boolean): number {
  if (size === 2) return float16Value(view.getUint16(at, isLittle));
  return size === 4 ? view.getFloat32(at, isLittle) : view.getFloat64(at, isLittle);
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
  requireFile(isNpy, 'an array must be in the format of NumPy', `${contents.length} other bytes`);
  const view = new DataView(contents.buffer, contents.byteOffset, contents.byteLength);
  const version = contents[6];
  requireFile(version >= 1 && version <= 3, 'the format version must be 1 to 3', version);
  const headerStart = version === 1 ? 10 : 12;
  const byteOffset = headerStart + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  requireFile(
    byteOffset <= contents.length,
    `the file must have the ${byteOffset} bytes of its header`,
    contents.length,
  );
  requireFile(byteOffset <= maxHeaderBytes, `the header must be at most ${maxHeaderBytes} bytes`, byteOffset);
  const text = new TextDecoder('latin1').decode(contents.subarray(headerStart, byteOffset));
  const type = /'descr':\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const sizes = /'shape':\s*\(([\d,\s]*)\)/.exec(text)?.[1];
  const isWhole = type !== undefined && order !== undefined && sizes !== undefined;
  requireFile(isWhole, 'the header must have descr (of one type), fortran_order and shape', text.trim().slice(0, 80));
  const shape = sizes
    .split(',')
    .filter((size) => size.trim() !== '')
    .map(Number);
  return { shape, type, isFortran: order === 'True', byteOffset };
}

const magic = [0x93, ...new TextEncoder().encode('NUMPY')];
const maxHeaderBytes = 65_536;
