import { requireRange } from '@tfjs-sparse/core';
import { headerText } from './header-text.js';
import { pointsOfColumns, pointsOfLines, type NumberType } from './number-columns.js';

const op = 'readPly';
const formats = ['ascii', 'binary_little_endian', 'binary_big_endian'];
const types: Readonly<Record<string, NumberType>> = {
  ...{ char: 'i1', int8: 'i1', uchar: 'u1', uint8: 'u1' },
  ...{ short: 'i2', int16: 'i2', ushort: 'u2', uint16: 'u2' },
  ...{ int: 'i4', int32: 'i4', uint: 'u4', uint32: 'u4' },
  ...{ float: 'f4', float32: 'f4', double: 'f8', float64: 'f8' },
};

/** The vertices of a .ply file: ascii, or binary of either byte order. Faces are not read. */
export function readPly(contents: Uint8Array<ArrayBuffer>): Float32Array {
  const { lines, byteOffset } = headerText(contents, 'end_header', op);
  requireRange(lines[0] === 'ply', op, 'the first line must be ply', JSON.stringify(lines[0].slice(0, 20)));
  const { format, properties, pointCount } = checkedHeader(lines);
  const body = contents.subarray(byteOffset);
  const axes = ['x', 'y', 'z'].map((axis) => properties.findIndex(({ name }) => name === axis));
  if (format === 'ascii') return pointsOfLines(body, axes, pointCount, op);
  const bytesBefore = (end: number) => properties.slice(0, end).reduce((sum, { type }) => sum + Number(type[1]), 0);
  const stride = bytesBefore(properties.length);
  const expected = stride * pointCount;
  const rule = `the vertices must be ${expected} bytes, as the header says`;
  requireRange(body.length >= expected, op, rule, `${body.length} bytes`);
  const columns = axes.map((axis) => ({ type: properties[axis].type, byteOffset: bytesBefore(axis), stride }));
  return pointsOfColumns(body, columns, pointCount, format === 'binary_little_endian');
}

function checkedHeader(lines: readonly string[]) {
  const words = lines.map((line) => line.split(/\s+/));
  const format = words.find(([keyword]) => keyword === 'format')?.[1] ?? 'none';
  requireRange(formats.includes(format), op, `the format must be ${formats.join(', ')}`, format);
  const first = words.findIndex(([keyword]) => keyword === 'element');
  const [, element, count] = words[first] ?? [];
  requireRange(element === 'vertex', op, 'the first element must be vertex', element ?? 'no element');
  const pointCount = Number(count);
  const isCount = Number.isInteger(pointCount) && pointCount > 0;
  requireRange(isCount, op, 'the vertex count must be a whole number above 0', count);
  const next = words.findIndex(([keyword], i) => i > first && (keyword === 'element' || keyword === 'end_header'));
  const properties = words
    .slice(first + 1, next)
    .filter(([keyword]) => keyword === 'property')
    .map(([, type, name]) => ({ name, type: typeOf(type) }));
  const names = properties.map(({ name }) => name);
  const hasPosition = ['x', 'y', 'z'].every((axis) => names.includes(axis));
  requireRange(hasPosition, op, 'vertices must have the properties x, y and z', names.join(', '));
  return { format, properties, pointCount };
}

function typeOf(name: string): NumberType {
  const isKnown = Object.hasOwn(types, name);
  requireRange(isKnown, op, `vertex properties must be of type ${Object.keys(types).join(', ')}`, name);
  return types[name];
}
