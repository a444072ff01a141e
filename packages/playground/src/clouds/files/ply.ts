import { headerText } from './header-text.js';
import { linesOf, numberAt, pointsOfColumns, pointsOfLines, type NumberType } from './number-columns.js';
import { requireFile } from '../../files/require-file.js';

const formats = ['ascii', 'binary_little_endian', 'binary_big_endian'];
const types: Readonly<Record<string, NumberType>> = {
  ...{ char: 'i1', int8: 'i1', uchar: 'u1', uint8: 'u1' },
  ...{ short: 'i2', int16: 'i2', ushort: 'u2', uint16: 'u2' },
  ...{ int: 'i4', int32: 'i4', uint: 'u4', uint32: 'u4' },
  ...{ float: 'f4', float32: 'f4', double: 'f8', float64: 'f8' },
};

/** The vertices of a .ply file: ascii, or binary of either byte order. Other elements and lists are passed over. */
export function readPly(contents: Uint8Array<ArrayBuffer>): Float64Array {
  const { lines, byteOffset } = headerText(contents, 'end_header');
  requireFile(lines[0] === 'ply', 'the first line must be ply', JSON.stringify(lines[0].slice(0, 20)));
  const { format, before, vertex } = checkedHeader(lines);
  const body = contents.subarray(byteOffset);
  if (format === 'ascii') {
    const pointLines = linesOf(body).slice(before.reduce((sum, { count }) => sum + count, 0));
    return pointsOfLines(pointLines, (numbers) => columnsIn(vertex, numbers), vertex.count);
  }
  return new BinaryElements(body, format === 'binary_little_endian').points(before, vertex);
}

interface Property {
  readonly name: string;
  readonly type: NumberType;
  /** Of the number of entries, where the property is a list. */
  readonly countType?: NumberType;
}

interface Element {
  readonly count: number;
  readonly properties: readonly Property[];
}

const axes = ['x', 'y', 'z'];

/** Which numbers of a line are x, y and z. */
function columnsIn({ properties }: Element, numbers: readonly string[]): number[] {
  const places = new Map<string, number>();
  let place = 0;
  for (const { name, countType } of properties) {
    places.set(name, place);
    place += countType ? 1 + Number(numbers[place]) : 1;
  }
  return axes.map((axis) => places.get(axis)!);
}

/** Elements one after the other. */
class BinaryElements {
  readonly #view: DataView;

  constructor(
    contents: Uint8Array,
    private readonly isLittle: boolean,
  ) {
    this.#view = new DataView(contents.buffer, contents.byteOffset, contents.byteLength);
  }

  points(before: readonly Element[], vertex: Element): Float64Array {
    const start = before.reduce((at, element) => this.#end(element, at), 0);
    const { count, properties } = vertex;
    if (properties.some(({ countType }) => countType)) return this.#walked(vertex, start);
    const sizes = properties.map(({ type }) => Number(type[1]));
    const bytesBefore = (end: number) => sizes.slice(0, end).reduce((sum, size) => sum + size, 0);
    const stride = bytesBefore(properties.length);
    this.#requireBytes(start, stride * count);
    const columns = axes.map((axis) => {
      const place = properties.findIndex(({ name }) => name === axis);
      return { type: properties[place].type, byteOffset: start + bytesBefore(place), stride };
    });
    const { buffer, byteOffset, byteLength } = this.#view;
    return pointsOfColumns(new Uint8Array(buffer, byteOffset, byteLength), columns, count, this.isLittle);
  }

  /** Points between lists, whose lengths only the file tells. */
  #walked({ count, properties }: Element, start: number): Float64Array {
    this.#requireBytes(start, count); // a vertex has more than a byte
    const points = new Float64Array(3 * count);
    let at = start;
    for (let point = 0; point < count; point++) {
      for (const property of properties) {
        const end = this.#after(property, at);
        const axis = axes.indexOf(property.name);
        if (axis >= 0) points[3 * point + axis] = numberAt(this.#view, property.type, at, this.isLittle);
        at = end;
      }
    }
    return points;
  }

  #end({ count, properties }: Element, start: number): number {
    if (properties.length === 0) return start;
    let at = start;
    for (let i = 0; i < count; i++) for (const property of properties) at = this.#after(property, at);
    return at;
  }

  /** Where what follows a property begins. */
  #after({ type, countType }: Property, at: number): number {
    const size = Number(type[1]);
    if (!countType) return this.#requireBytes(at, size);
    const list = this.#requireBytes(at, Number(countType[1]));
    const length = numberAt(this.#view, countType, at, this.isLittle);
    requireFile(length >= 0, 'lists must have 0 or more entries', length);
    return this.#requireBytes(list, length * size);
  }

  #requireBytes(start: number, bytes: number): number {
    const rule = `the elements must be ${start + bytes} bytes, as the header says`;
    const isThere = start + bytes <= this.#view.byteLength;
    if (!isThere) requireFile(isThere, rule, `${this.#view.byteLength} bytes`);
    return start + bytes;
  }
}

function checkedHeader(lines: readonly string[]) {
  const words = lines.map((line) => line.split(/\s+/));
  const format = words.find(([keyword]) => keyword === 'format')?.[1] ?? 'none';
  requireFile(formats.includes(format), `the format must be ${formats.join(', ')}`, format);
  const elements: (Element & { readonly name: string; readonly properties: Property[] })[] = [];
  for (const [keyword, ...rest] of words) {
    if (keyword === 'element') elements.push({ name: rest[0], count: Number(rest[1]), properties: [] });
    if (keyword === 'property') {
      requireFile(elements.length > 0, 'properties must come behind their element', rest.join(' '));
      elements.at(-1)!.properties.push(propertyOf(rest));
    }
  }
  const place = elements.findIndex(({ name }) => name === 'vertex');
  const found = elements.map(({ name }) => name).join(', ');
  requireFile(place >= 0, 'there must be an element vertex', found || 'no element');
  for (const { name, count } of elements.slice(0, place + 1)) {
    const isCount = Number.isInteger(count) && count >= (name === 'vertex' ? 1 : 0);
    requireFile(isCount, `the ${name} count must be a whole number above 0`, count);
  }
  const vertex = elements[place];
  const names = vertex.properties.filter(({ countType }) => !countType).map(({ name }) => name);
  const hasPosition = axes.every((axis) => names.includes(axis));
  requireFile(hasPosition, 'vertices must have the properties x, y and z', names.join(', '));
  return { format, before: elements.slice(0, place), vertex };
}

function propertyOf(words: readonly string[]): Property {
  if (words[0] !== 'list') return { name: words[1], type: typeOf(words[0]) };
  return { name: words[3], type: typeOf(words[2]), countType: typeOf(words[1]) };
}

function typeOf(name: string): NumberType {
  const isKnown = Object.hasOwn(types, name);
  requireFile(isKnown, `properties must be of type ${Object.keys(types).join(', ')}`, name);
  return types[name];
}
