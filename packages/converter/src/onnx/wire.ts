import protobuf from 'protobufjs/minimal.js';
import { FormatError, requireFormat } from '../format-error.js';

/**
 * The fields of a protobuf message that are read, by number. Tables instead of generated code: that of onnx.proto is 129 kB,
 * of which a page would run a hundredth.
 */
export type Fields<T> = Readonly<Record<number, Field<T>>>;

export interface Field<T> {
  readonly name: keyof T & string;
  readonly kind: FieldKind;
  readonly isRepeated: boolean;
}

/** A function: of the fields of a message within the message. */
export type FieldKind = 'text' | 'bytes' | 'int' | 'int64' | 'float' | 'double' | (() => AnyFields);
export type AnyFields = Fields<Record<string, unknown>>;

const { Reader } = protobuf; // a CommonJS module
type WireReader = InstanceType<typeof Reader>;

const reader = 'readOnnx';
const [varint, delimited] = [0, 2]; // wire types
const mostDepth = 64; // of messages in messages: graphs in attributes of graphs

/**
 * Reads a message; bytes are views of `bytes`, integers of 64 bits are bigints.
 *
 * @param empty the message without fields: lists for what is repeated
 * @throws FormatError where it is cut, or a field has another wire type
 */
export function decodeMessage<T extends object>(bytes: Uint8Array<ArrayBuffer>, fields: Fields<T>, empty: T): T {
  try {
    return Object.assign(empty, message(Reader.create(bytes), bytes.length, fields as AnyFields, 0)) as T;
  } catch (error) {
    if (error instanceof FormatError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new FormatError(`${reader}: the file must be a protobuf message, got: ${reason}`, { cause: error });
  }
}

function message(wire: WireReader, end: number, fields: AnyFields, depth: number): Record<string, unknown> {
  requireFormat(depth < mostDepth, reader, `messages must be at most ${mostDepth} levels deep`, 'more');
  const found: Record<string, unknown> = {};
  for (const { name, isRepeated } of Object.values(fields)) if (isRepeated) found[name] = [];
  while (wire.pos < end) {
    const tag = wire.uint32();
    const [number, type] = [tag >>> 3, tag & 7];
    const field = Object.hasOwn(fields, number) ? fields[number] : undefined;
    if (!field) {
      wire.skipType(type);
      continue;
    }
    const isPacked = field.isRepeated && type === delimited && isNumber(field.kind);
    if (isPacked) {
      const packedEnd = wire.uint32() + wire.pos;
      requireFormat(packedEnd <= end, reader, 'a list must end within its message', packedEnd);
      while (wire.pos < packedEnd) (found[field.name] as unknown[]).push(value(wire, field.kind, depth));
      continue;
    }
    requireFormat(type === wireTypeOf(field.kind), reader, `field ${number} must have its type`, type);
    const read = value(wire, field.kind, depth);
    if (field.isRepeated) (found[field.name] as unknown[]).push(read);
    else found[field.name] = read;
  }
  requireFormat(wire.pos === end, reader, 'a message must end where it says', wire.pos);
  return found;
}

function value(wire: WireReader, kind: FieldKind, depth: number): unknown {
  switch (kind) {
    case 'text':
      return wire.string();
    case 'bytes':
      return wire.bytes();
    case 'int':
      return wire.int32();
    case 'int64':
      return int64(wire);
    case 'float':
      return wire.float();
    case 'double':
      return wire.double();
    default: {
      const length = wire.uint32();
      return message(wire, wire.pos + length, kind(), depth + 1);
    }
  }
}

/** Of Reader, which gives numbers of 53 bits without another library. */
function int64(wire: WireReader): bigint {
  let bits = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    requireFormat(wire.pos < wire.len, reader, 'a number must be whole', 'the end of the file');
    const byte = wire.buf[wire.pos++];
    bits |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return BigInt.asIntN(64, bits);
  }
  throw new FormatError(`${reader}: a number must have at most 10 bytes, got more`);
}

function isNumber(kind: FieldKind): boolean {
  return kind === 'int' || kind === 'int64' || kind === 'float' || kind === 'double';
}

function wireTypeOf(kind: FieldKind): number {
  if (kind === 'int' || kind === 'int64') return varint;
  if (kind === 'float') return 5;
  return kind === 'double' ? 1 : delimited;
}
