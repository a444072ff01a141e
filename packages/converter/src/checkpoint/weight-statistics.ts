import { dtypeBytes, type Dtype } from './dtypes.js';
import { onesIn, ZeroPatterns, type ZeroPattern } from './zero-patterns.js';
import type { CheckpointTensor } from './read-checkpoint.js';
import { StoredTensor } from './stored-tensor.js';
import { denseBytes, dtypeOf } from './tensor-summary.js';

/** The zeros of a tensor. */
export interface WeightStatistics {
  /** Elements that are 0 or -0. */
  readonly zeros: number;
  /** How they lie; null for a tensor of fewer than two axes and for one with few zeros. */
  readonly pattern: ZeroPattern | null;
}

const chunkBytes = 2 ** 22; // read at once, so that memory does not grow with the file

/** Counts zeros and finds their pattern, in one pass over the bytes. */
export async function weightStatistics(tensor: CheckpointTensor): Promise<WeightStatistics> {
  const dtype = dtypeOf(tensor);
  const width = dtypeBytes[dtype];
  const { shape } = tensor;
  const rows = shape.length > 1 ? shape[0] : 1;
  const rowElements = shape.reduce((product, length) => product * length, 1) / Math.max(rows, 1);
  if (rows === 0 || rowElements === 0) return { zeros: 0, pattern: null };
  const patterns = shape.length > 1 ? new ZeroPatterns(shape) : null;
  const rowsAtOnce = Math.max(8, 8 * Math.floor(chunkBytes / width / rowElements / 8)); // blocks of 8 rows stay whole
  const isInParts = tensor instanceof StoredTensor && tensor.isContiguous && !tensor.storage.isBigEndian;
  const all = isInParts ? null : await denseBytes(tensor);
  const read = async (row: number) => {
    const count = Math.min(rowsAtOnce, rows - row) * rowElements;
    const start = row * rowElements;
    return all ? all.subarray(start * width, (start + count) * width) : (tensor as StoredTensor).bytesOf(start, count);
  };
  let zeros = 0;
  let ahead = read(0);
  for (let row = 0; row < rows; row += rowsAtOnce) {
    const bytes = await ahead;
    if (row + rowsAtOnce < rows) {
      ahead = read(row + rowsAtOnce); // while this part is counted
      ahead.catch(() => {}); // the next turn hears of it
    }
    const count = Math.min(rowsAtOnce, rows - row);
    const flags = zeroFlags(bytes, dtype);
    zeros += patterns ? patterns.take(flags, count) : onesIn(flags, 0, flags.length);
  }
  return { zeros, pattern: patterns?.result(zeros) ?? null };
}

/** 1 where an element is 0 or -0. */
function zeroFlags(bytes: Uint8Array<ArrayBuffer>, dtype: Dtype): Uint8Array<ArrayBuffer> {
  const width = dtypeBytes[dtype];
  const flags = new Uint8Array(bytes.length / width);
  const isFloat = /float|complex/.test(dtype);
  const wordBytes = /complex/.test(dtype) ? width / 2 : width;
  if (wordBytes === 4) {
    const mask = isFloat ? 0x7fffffff : -1;
    const words = new Int32Array(aligned(bytes, 4));
    if (width === 4) flagWords(words, mask, flags);
    else for (let i = 0; i < flags.length; i++) flags[i] = ((words[2 * i] | words[2 * i + 1]) & mask) === 0 ? 1 : 0;
    return flags;
  }
  if (wordBytes === 2 && width === 2) {
    const mask = isFloat ? 0x7fff : 0xffff;
    const words = new Uint16Array(aligned(bytes, 2));
    for (let i = 0; i < flags.length; i++) flags[i] = (words[i] & mask) === 0 ? 1 : 0;
    return flags;
  }
  const signByte = isFloat ? 0x7f : 0xff; // little-endian: the last byte of a word has the sign
  for (let i = 0; i < flags.length; i++) {
    let rest = 0;
    for (let byte = 0; byte < width; byte++) {
      rest |= bytes[i * width + byte] & ((byte + 1) % wordBytes === 0 ? signByte : 0xff);
    }
    flags[i] = rest === 0 ? 1 : 0;
  }
  return flags;
}

/** Four flags at once, without branches: `x | -x` has its sign bit set where x is not 0. */
function flagWords(words: Int32Array, mask: number, flags: Uint8Array<ArrayBuffer>): void {
  const fours = new Uint32Array(flags.buffer, 0, flags.length >> 2);
  const isOne = (x: number) => ((x | (0 - x)) >>> 31) ^ 1;
  for (let i = 0, at = 0; i < fours.length; i++, at += 4) {
    const [a, b, c, d] = [words[at] & mask, words[at + 1] & mask, words[at + 2] & mask, words[at + 3] & mask];
    fours[i] = isOne(a) | (isOne(b) << 8) | (isOne(c) << 16) | (isOne(d) << 24);
  }
  for (let i = fours.length * 4; i < flags.length; i++) flags[i] = isOne(words[i] & mask);
}

function aligned({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>, width: number): ArrayBuffer {
  const isAll = byteOffset === 0 && byteLength === buffer.byteLength && byteLength % width === 0;
  return isAll ? buffer : buffer.slice(byteOffset, byteOffset + byteLength);
}
