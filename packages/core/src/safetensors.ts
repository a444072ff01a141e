/** Values of one tensor; F16 and BF16 stay raw bits, BOOL is 0 or 1. */
export type SafetensorsValues =
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

export type SafetensorsDtype = keyof typeof dtypes;

export interface SafetensorsTensor {
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  readonly values: SafetensorsValues;
}

export interface Safetensors {
  readonly tensors: ReadonlyMap<string, SafetensorsTensor>;
  readonly metadata: ReadonlyMap<string, string>;
  /** Tensors of types that are not read, such as F8_E4M3 and C64, by name; a message about a missing one may say so. */
  readonly unread: ReadonlyMap<string, string>;
}

/** A tensor of a safetensors file, where it lies. */
export interface SafetensorsEntry {
  readonly name: string;
  /** The format's name, of a type that is read or not. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Bytes of the file. */
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  /** In the order of their data. */
  readonly entries: readonly SafetensorsEntry[];
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * Reads a safetensors file: u64 header length, JSON header, then the tensors without gap or overlap.
 * Every size is checked against the file before anything is allocated; views are shared with `file` where aligned.
 */
export function readSafetensors(file: Uint8Array): Safetensors {
  const { entries, metadata } = readSafetensorsHeader(file, file.length);
  const tensors = new Map<string, SafetensorsTensor>();
  const unread = new Map<string, string>();
  for (const { name, dtype, shape, begin, end } of entries) {
    if (!isDtype(dtype)) unread.set(name, dtype);
    else tensors.set(name, { dtype, shape, values: viewOf(file, dtype, begin, end) });
  }
  return { tensors, metadata, unread };
}

/** Bytes of the header of a safetensors file, its length included. @param head the file's first 8 bytes at least */
export function safetensorsHeaderBytes(head: Uint8Array): number {
  if (head.length < 8) throw refusal(`file must have at least 8 bytes, got ${head.length}`);
  const headerBytes = new DataView(head.buffer, head.byteOffset).getBigUint64(0, true);
  if (headerBytes > BigInt(maxHeaderBytes)) {
    throw refusal(`header must be at most ${maxHeaderBytes} bytes, got ${headerBytes}`);
  }
  return 8 + Number(headerBytes);
}

/**
 * Which tensors a safetensors file holds and where, for files that are read in parts.
 *
 * @param head      the first bytes of the file, with all of the header
 * @param fileBytes of the whole file
 */
export function readSafetensorsHeader(head: Uint8Array, fileBytes: number): SafetensorsHeader {
  const header = readHeader(head);
  const metadata = new Map<string, string>();
  const entries: SafetensorsEntry[] = [];
  for (const [name, entry] of Object.entries(header.json)) {
    if (name === '__metadata__') {
      for (const [key, value] of Object.entries(requireObject(entry, '__metadata__'))) {
        if (typeof value !== 'string')
          throw refusal(`__metadata__ must hold strings, got ${typeof value} for '${key}'`);
        metadata.set(key, value);
      }
    } else entries.push({ name, ...readEntry(name, entry) });
  }
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  const dataBytes = fileBytes - header.end;
  let expectedBegin = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== expectedBegin) throw refusal(`tensor '${name}' must begin at byte ${expectedBegin}, got ${begin}`);
    if (end > dataBytes) throw refusal(`tensor '${name}' must end within ${dataBytes} data bytes, got ${end}`);
    expectedBegin = end;
  }
  if (expectedBegin !== dataBytes) throw refusal(`data must be ${expectedBegin} bytes, got ${dataBytes}`);
  const inFile = entries.map((entry) => ({
    ...entry,
    begin: entry.begin + header.end,
    end: entry.end + header.end,
  }));
  return { entries: inFile, metadata };
}

/** Writes tensors, widest dtype first and otherwise in the given order; the same input gives the same bytes. */
export function writeSafetensors(
  tensors: Iterable<readonly [string, SafetensorsTensor]>,
  metadata: Iterable<readonly [string, string]> = [],
): Uint8Array {
  const widestFirst = [...tensors].sort((a, b) => widthOf(b[1].dtype) - widthOf(a[1].dtype));
  const header: [string, unknown][] = [];
  const metadataEntries = [...metadata];
  if (metadataEntries.length > 0) header.push(['__metadata__', Object.fromEntries(metadataEntries)]);
  let dataBytes = 0;
  for (const [name, { dtype, shape, values }] of widestFirst) {
    const elementCount = shape.reduce((product, size) => product * size, 1);
    if (elementCount !== values.length) {
      throw new RangeError(
        `writeSafetensors: '${name}' must have ${elementCount} values (shape [${shape}]), got ${values.length}`,
      );
    }
    if (!(values instanceof dtypes[dtype])) {
      throw new TypeError(
        `writeSafetensors: '${name}' must hold a ${dtypes[dtype].name} for ${dtype}, got ${values.constructor.name}`,
      );
    }
    if (name === '__metadata__' || header.some(([known]) => known === name)) {
      throw new RangeError(`writeSafetensors: names must be unique and not __metadata__, got '${name}'`);
    }
    header.push([name, { dtype, shape, data_offsets: [dataBytes, dataBytes + values.byteLength] }]);
    dataBytes += values.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const headerBytes = Math.ceil(text.length / 8) * 8; // data on a multiple of 8, so that views need no copy
  const file = new Uint8Array(8 + headerBytes + dataBytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.set(text, 8);
  file.fill(0x20, 8 + text.length, 8 + headerBytes);
  let byteOffset = 8 + headerBytes;
  for (const [, { values }] of widestFirst) {
    file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), byteOffset);
    byteOffset += values.byteLength;
  }
  return file;
}

const dtypes = {
  F64: Float64Array,
  F32: Float32Array,
  F16: Uint16Array,
  BF16: Uint16Array,
  I64: BigInt64Array,
  I32: Int32Array,
  I16: Int16Array,
  I8: Int8Array,
  U64: BigUint64Array,
  U32: Uint32Array,
  U16: Uint16Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
};

const maxHeaderBytes = 100_000_000; // the format's own cap, against a length that asks for all memory

function readHeader(file: Uint8Array): { json: Record<string, unknown>; end: number } {
  const end = safetensorsHeaderBytes(file);
  if (end > file.length) throw refusal(`header must end within ${file.length} bytes, got ${end}`);
  if (file[8] !== 0x7b) throw refusal(`header must begin with '{', got byte ${file[8]}`);
  let text: string;
  let json: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(file.subarray(8, end));
    json = JSON.parse(text);
  } catch (error) {
    throw refusal('header must be JSON in UTF-8, got something else', error);
  }
  requireUniqueNames(text);
  return { json: requireObject(json, 'header'), end };
}

/** JSON.parse keeps the last of equal names. @param text valid JSON */
function requireUniqueNames(text: string): void {
  const names = new Set<string>();
  let depth = 0;
  for (const [token, colon] of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    else if (depth === 1 && colon) {
      const name = JSON.parse(token.slice(0, -colon.length)) as string;
      if (names.has(name)) throw refusal(`names must be unique, got '${name}' twice`);
      names.add(name);
    }
  }
}

interface Entry {
  /** Read or not. */
  readonly dtype: string;
  readonly shape: number[];
  readonly begin: number;
  readonly end: number;
}

/** Types of the format that JavaScript has no array for, in bits. */
const unreadBits: Readonly<Record<string, number>> = {
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  C64: 64,
};

function readEntry(name: string, entry: unknown): Entry {
  const { dtype, shape, data_offsets: offsets } = requireObject(entry, `tensor '${name}'`);
  if (typeof dtype !== 'string' || !(isDtype(dtype) || Object.hasOwn(unreadBits, dtype)))
    throw refusal(`'${name}' must have a known dtype, got ${String(dtype)}`);
  if (!isSizes(shape)) throw refusal(`'${name}' must have a shape of whole numbers, got ${JSON.stringify(shape)}`);
  if (!isSizes(offsets) || offsets.length !== 2 || offsets[0] > offsets[1]) {
    throw refusal(`'${name}' must have data_offsets [begin, end], got ${JSON.stringify(offsets)}`);
  }
  const width = isDtype(dtype) ? widthOf(dtype) : unreadBits[dtype] / 8;
  const byteCount = shape.reduce((product, size) => product * size, width);
  if (!Number.isSafeInteger(byteCount) || byteCount !== offsets[1] - offsets[0]) {
    throw refusal(`'${name}' must have ${byteCount} bytes (${dtype} [${shape}]), got ${offsets[1] - offsets[0]}`);
  }
  return { dtype, shape, begin: offsets[0], end: offsets[1] };
}

function viewOf(file: Uint8Array, dtype: SafetensorsDtype, begin: number, end: number): SafetensorsValues {
  const width = widthOf(dtype);
  const isAligned = (file.byteOffset + begin) % width === 0;
  const view = file.subarray(begin, end);
  const bytes = isAligned ? view : new Uint8Array(view); // not slice: that of a Node Buffer does not copy
  return new dtypes[dtype](bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength / width);
}

function widthOf(dtype: SafetensorsDtype): number {
  return dtypes[dtype].BYTES_PER_ELEMENT;
}

function isDtype(name: string): name is SafetensorsDtype {
  return Object.hasOwn(dtypes, name);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function requireObject(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refusal(`${what} must be a JSON object, got ${JSON.stringify(value)}`);
  }
  return value as Record<string, unknown>;
}

function refusal(text: string, cause?: unknown): RangeError {
  return new RangeError(`readSafetensors: ${text}`, { cause });
}
