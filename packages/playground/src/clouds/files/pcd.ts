import { headerText, valuesOf } from './header-text.js';
import { unpackLzf } from './lzf.js';
import { linesOf, numberTypes, pointsOfColumns, pointsOfLines, type NumberType } from './number-columns.js';
import { requireFile } from '../../files/require-file.js';

const storages = ['ascii', 'binary', 'binary_compressed'];
const maxExpansion = 90; // LZF makes at most 264 bytes of 3

/** A .pcd file of the Point Cloud Library: ascii, binary or binary_compressed. */
export function readPcd(contents: Uint8Array<ArrayBuffer>): Float64Array {
  const { lines, byteOffset } = headerText(contents, 'DATA');
  const { fields, storage, statedCount } = checkedHeader(lines);
  const body = contents.subarray(byteOffset);
  const axes = ['x', 'y', 'z'].map((name) => fields.findIndex((field) => field.name === name));
  const sum = (end: number, size: (field: Field) => number) =>
    fields.slice(0, end).reduce((total, field) => total + size(field), 0);
  if (storage === 'ascii') {
    const columns = axes.map((axis) => sum(axis, ({ count }) => count));
    const pointLines = linesOf(body);
    return pointsOfLines(pointLines, () => columns, statedCount ?? pointLines.length);
  }
  const bytesBefore = (end: number) => sum(end, ({ size, count }) => size * count);
  const rowBytes = bytesBefore(fields.length);
  const types = axes.map((axis) => fields[axis].type as NumberType);
  requireFile(
    statedCount !== null || storage === 'binary',
    'compressed points must have POINTS, or WIDTH and HEIGHT',
    'none',
  );
  const pointCount = statedCount ?? Math.floor(body.length / rowBytes);
  if (storage === 'binary_compressed') {
    // Fields come one after the other: all x, all y, ...
    const columns = axes.map((axis, i) => ({
      type: types[i],
      byteOffset: bytesBefore(axis) * pointCount,
      stride: fields[axis].size,
    }));
    return pointsOfColumns(unpacked(body, rowBytes * pointCount), columns, pointCount, true);
  }
  const expected = rowBytes * pointCount;
  const rule = `the points must be ${expected} bytes, as the header says`;
  requireFile(body.length >= expected, rule, `${body.length} bytes`);
  const columns = axes.map((axis, i) => ({ type: types[i], byteOffset: bytesBefore(axis), stride: rowBytes }));
  return pointsOfColumns(body, columns, pointCount, true);
}

interface Field {
  /** In lower case. */
  readonly name: string;
  /** Such as `f4`. */
  readonly type: string;
  /** Bytes of a number. */
  readonly size: number;
  /** Numbers per point. */
  readonly count: number;
}

function checkedHeader(lines: readonly string[]) {
  const names = required(lines, 'FIELDS').map((name) => name.toLowerCase());
  const sizes = required(lines, 'SIZE').map(Number);
  const kinds = required(lines, 'TYPE').map((kind) => kind.toLowerCase());
  const counts = (valuesOf(lines, 'COUNT') ?? names.map(() => '1')).map(Number);
  const lengths = [sizes, kinds, counts].map(({ length }) => length);
  const isEven = lengths.every((length) => length === names.length);
  requireFile(isEven, `SIZE, TYPE and COUNT must have ${names.length} entries (as FIELDS)`, lengths.join(', '));
  const isSized = [...sizes, ...counts].every((size) => Number.isInteger(size) && size >= 0 && size <= 65_536);
  requireFile(isSized, 'SIZE and COUNT must be whole numbers from 0 to 65536', [...sizes, ...counts].join(' '));
  for (const axis of ['x', 'y', 'z']) {
    const at = names.indexOf(axis);
    requireFile(at >= 0, 'FIELDS must have x, y and z', names.join(' '));
    const isNumber = numberTypes.includes(`${kinds[at]}${sizes[at]}`) && counts[at] === 1;
    const found = `${counts[at]} of type ${kinds[at]}${sizes[at]}`;
    requireFile(isNumber, `${axis} must be one number of type ${numberTypes.join(', ')}`, found);
  }
  const statedCount = countIn(lines);
  const storage = required(lines, 'DATA')[0].toLowerCase();
  requireFile(storages.includes(storage), `DATA must be ${storages.join(', ')}`, storage);
  const fields: Field[] = names.map((name, i) => ({
    name,
    type: `${kinds[i]}${sizes[i]}`,
    size: sizes[i],
    count: counts[i], // some writers give fields that take no room a COUNT of 0
  }));
  return { fields, storage, statedCount };
}

/** POINTS, which older writers leave out, or WIDTH times HEIGHT; null where both are absent. */
function countIn(lines: readonly string[]): number | null {
  const [points] = valuesOf(lines, 'POINTS') ?? [];
  const [width] = valuesOf(lines, 'WIDTH') ?? [];
  const [height = '1'] = valuesOf(lines, 'HEIGHT') ?? [];
  if (points === undefined && width === undefined) return null;
  const count = points === undefined ? Number(width) * Number(height) : Number(points);
  requireFile(Number.isInteger(count) && count > 0, 'POINTS must be a whole number above 0', count);
  return count;
}

function required(lines: readonly string[], keyword: string): readonly string[] {
  const values = valuesOf(lines, keyword);
  requireFile(values !== undefined && values.length > 0, `the header must have ${keyword}`, 'none');
  return values;
}

/** The bytes of a compressed body: its packed and unpacked size, then the packed bytes. */
function unpacked(body: Uint8Array<ArrayBuffer>, expected: number): Uint8Array {
  requireFile(body.length >= 8, 'compressed points must begin with their two sizes', `${body.length} bytes`);
  const view = new DataView(body.buffer, body.byteOffset, 8);
  const [packedBytes, unpackedBytes] = [view.getUint32(0, true), view.getUint32(4, true)];
  const rest = body.length - 8;
  const rule = `the compressed points must be ${packedBytes} bytes, as the file says`;
  requireFile(packedBytes <= rest, rule, `${rest} bytes`);
  const isAsked = unpackedBytes === expected && expected <= maxExpansion * packedBytes;
  requireFile(isAsked, `${packedBytes} packed bytes must unpack to the ${expected} of the header`, unpackedBytes);
  return unpackLzf(body.subarray(8, 8 + packedBytes), expected);
}
