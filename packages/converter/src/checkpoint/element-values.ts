import { float16Value } from '@tfjs-sparse/core';
import type { Dtype } from './dtypes.js';

export type ElementValues =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  | BigInt64Array
  | BigUint64Array;

/**
 * Elements as numbers: types of less than 32 bits as float32, where every value of theirs has a place; complex ones as pairs
 * of real and imaginary part, bool as 0 and 1.
 *
 * @param bytes row-major, little-endian
 */
export function elementValues(bytes: Uint8Array<ArrayBuffer>, dtype: Dtype): ElementValues {
  switch (dtype) {
    case 'float64':
    case 'complex128':
      return new Float64Array(aligned(bytes, 8));
    case 'float32':
    case 'complex64':
      return new Float32Array(aligned(bytes, 4));
    case 'float16':
    case 'complex32':
      return Float32Array.from(new Uint16Array(aligned(bytes, 2)), float16Value);
    case 'bfloat16':
      return new Float32Array(Uint32Array.from(new Uint16Array(aligned(bytes, 2)), (bits) => bits << 16).buffer);
    case 'float8_e4m3fn':
      return Float32Array.from(bytes, float8E4M3Value);
    case 'float8_e5m2':
      return Float32Array.from(bytes, (bits) => float16Value(bits << 8)); // a float16 without its last byte
    case 'float8_e8m0fnu':
      return Float32Array.from(bytes, (bits) => (bits === 255 ? NaN : 2 ** (bits - 127)));
    case 'int64':
      return new BigInt64Array(aligned(bytes, 8));
    case 'uint64':
      return new BigUint64Array(aligned(bytes, 8));
    case 'int32':
    case 'qint32':
      return new Int32Array(aligned(bytes, 4));
    case 'uint32':
      return new Uint32Array(aligned(bytes, 4));
    case 'int16':
      return new Int16Array(aligned(bytes, 2));
    case 'uint16':
      return new Uint16Array(aligned(bytes, 2));
    case 'int8':
    case 'qint8':
      return new Int8Array(aligned(bytes, 1));
    default:
      return bytes;
  }
}

/** OCP 8-bit floating point, E4M3: no infinity, NaN where all bits but the sign are set. */
function float8E4M3Value(bits: number): number {
  const sign = bits & 0x80 ? -1 : 1;
  const [exponent, fraction] = [(bits >> 3) & 15, bits & 7];
  if ((bits & 0x7f) === 0x7f) return NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -9 : (8 + fraction) * 2 ** (exponent - 10));
}

/** The buffer of these bytes alone; a copy unless they are all of it. */
function aligned({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>, width: number): ArrayBuffer {
  const isAll = byteOffset === 0 && byteLength === buffer.byteLength && byteLength % width === 0;
  return isAll ? buffer : buffer.slice(byteOffset, byteOffset + byteLength);
}
