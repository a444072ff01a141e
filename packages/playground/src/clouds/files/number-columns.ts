import { decodedText } from '../../files/decoded-text.js';
import { requireFile } from '../../files/require-file.js';

/** How numbers are stored, by bytes and kind: f float, i signed, u unsigned. */
export type NumberType = 'f4' | 'f8' | 'i1' | 'i2' | 'i4' | 'u1' | 'u2' | 'u4';

/** One coordinate of all points: `count` numbers, `stride` bytes from one to the next. */
export interface NumberColumn {
  readonly type: NumberType;
  readonly byteOffset: number;
  readonly stride: number;
}

const getters: Readonly<Record<NumberType, (view: DataView, at: number, isLittle: boolean) => number>> = {
  f4: (view, at, isLittle) => view.getFloat32(at, isLittle),
  f8: (view, at, isLittle) => view.getFloat64(at, isLittle),
  i1: (view, at) => view.getInt8(at),
  i2: (view, at, isLittle) => view.getInt16(at, isLittle),
  i4: (view, at, isLittle) => view.getInt32(at, isLittle),
  u1: (view, at) => view.getUint8(at),
  u2: (view, at, isLittle) => view.getUint16(at, isLittle),
  u4: (view, at, isLittle) => view.getUint32(at, isLittle),
};

export const numberTypes: readonly string[] = Object.keys(getters);

/** Reads a number of the type at a byte. */
export function numberAt(view: DataView, type: NumberType, at: number, isLittle: boolean): number {
  return getters[type](view, at, isLittle);
}

/** Points from binary columns x, y and z. @returns float64 `[count, 3]` */
export function pointsOfColumns(
  contents: Uint8Array,
  columns: readonly NumberColumn[],
  count: number,
  isLittle: boolean,
): Float64Array {
  const view = new DataView(contents.buffer, contents.byteOffset, contents.byteLength);
  const points = new Float64Array(3 * count);
  columns.forEach(({ type, byteOffset, stride }, axis) => {
    const get = getters[type];
    for (let point = 0; point < count; point++)
      points[3 * point + axis] = get(view, byteOffset + point * stride, isLittle);
  });
  return points;
}

/** The lines of a text that are not blank. */
export function linesOf(contents: Uint8Array): string[] {
  const text = decodedText(contents) ?? new TextDecoder('latin1').decode(contents); // comments in any encoding
  const lines = text.split(/\r\n|\r|\n/);
  return lines.filter((line) => line.trim() !== '');
}

/**
 * Points from lines of numbers between blanks.
 *
 * @param columnsOf  which number of a line is x, y and z
 * @param count      lines to read
 * @returns          float64 `[count, 3]`
 */
export function pointsOfLines(
  lines: readonly string[],
  columnsOf: (numbers: readonly string[]) => readonly number[],
  count: number,
): Float64Array {
  requireFile(lines.length >= count, `the file must have the ${count} points of its header`, lines.length);
  const points = new Float64Array(3 * count);
  for (let point = 0; point < count; point++) {
    const numbers = lines[point].trim().split(/\s+/);
    columnsOf(numbers).forEach((column, axis) => {
      const value = numbers[column] ?? 'nothing';
      points[3 * point + axis] = Number(value);
      const isNumber = Number.isFinite(points[3 * point + axis]) || notFinite.test(value);
      requireFile(isNumber, `point ${point + 1} must have a number in column ${column + 1}`, value);
    });
  }
  return points;
}

/** As C, Python and Microsoft's C runtime (`1.#QNAN`, `-1.#IND`) write them. */
const notFinite = /^[+-]?(nan|inf|1\.#)/i;
