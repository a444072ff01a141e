import { FormatError, requireFormat } from '../../format-error.js';
import { ByteCursor } from './byte-cursor.js';
import { PickleMachine, type PickleContext } from './machine.js';
import type { PickleValue } from './values.js';

export interface Unpickled {
  readonly value: PickleValue;
  /** The bytes of the pickle: where the next one begins. */
  readonly length: number;
}

/**
 * Reads one pickle of protocol 2 to 5, and executes nothing: names of modules stand for what `context` makes of them, and
 * for inert placeholders otherwise. (Python's pickletools documents the opcodes; the ones of `torch.save` and of what it
 * saves are read.)
 *
 * @throws FormatError for an opcode that is not read, operands of the wrong kind, and more than `mostSteps`;
 *   PickleCutError where the bytes end before it does
 */
export function unpickle(bytes: Uint8Array<ArrayBuffer>, context: PickleContext): Unpickled {
  const cursor = new ByteCursor(bytes);
  const machine = new PickleMachine(context);
  for (;;) {
    const at = cursor.position;
    const opcode = cursor.uint8();
    if (opcode === stop) return { value: machine.result(), length: cursor.position };
    const step = steps[opcode];
    requireFormat(step !== undefined, 'unpickle', `opcodes must be known at byte ${at}`, hex(opcode));
    step(machine, cursor);
  }
}

type Step = (machine: PickleMachine, cursor: ByteCursor) => void;

const stop = 0x2e;

/** By opcode; the comments are pickletools' names. */
const steps: Readonly<Record<number, Step>> = {
  0x80: (_, cursor) => requireProtocol(cursor.uint8()), // PROTO
  0x95: (_, cursor) => void cursor.uint64(), // FRAME
  0x28: (machine) => machine.mark(), // MARK
  0x30: (machine) => void machine.pop(), // POP
  0x4e: (machine) => machine.push(null), // NONE
  0x88: (machine) => machine.push(true), // NEWTRUE
  0x89: (machine) => machine.push(false), // NEWFALSE
  0x4a: (machine, cursor) => machine.push(cursor.int32()), // BININT
  0x4b: (machine, cursor) => machine.push(cursor.uint8()), // BININT1
  0x4d: (machine, cursor) => machine.push(cursor.uint16()), // BININT2
  0x8a: (machine, cursor) => machine.push(integerOf(cursor.take(cursor.uint8()))), // LONG1
  0x8b: (machine, cursor) => machine.push(integerOf(cursor.take(longLength(cursor.int32())))), // LONG4
  0x47: (machine, cursor) => machine.push(cursor.float64()), // BINFLOAT
  0x58: (machine, cursor) => machine.push(cursor.text(cursor.uint32())), // BINUNICODE
  0x8c: (machine, cursor) => machine.push(cursor.text(cursor.uint8())), // SHORT_BINUNICODE
  0x8d: (machine, cursor) => machine.push(cursor.text(cursor.uint64())), // BINUNICODE8
  0x54: (machine, cursor) => machine.push(cursor.text(cursor.uint32())), // BINSTRING
  0x55: (machine, cursor) => machine.push(cursor.text(cursor.uint8())), // SHORT_BINSTRING
  0x42: (machine, cursor) => machine.push(cursor.take(cursor.uint32())), // BINBYTES
  0x43: (machine, cursor) => machine.push(cursor.take(cursor.uint8())), // SHORT_BINBYTES
  0x8e: (machine, cursor) => machine.push(cursor.take(cursor.uint64())), // BINBYTES8
  0x96: (machine, cursor) => machine.push(cursor.take(cursor.uint64())), // BYTEARRAY8
  0x29: (machine) => machine.tuple(0), // EMPTY_TUPLE
  0x85: (machine) => machine.tuple(1), // TUPLE1
  0x86: (machine) => machine.tuple(2), // TUPLE2
  0x87: (machine) => machine.tuple(3), // TUPLE3
  0x74: (machine) => machine.tuple(null), // TUPLE
  0x5d: (machine) => machine.list(), // EMPTY_LIST
  0x61: (machine) => machine.append([machine.pop()]), // APPEND
  0x65: (machine) => machine.append(machine.popMarked()), // APPENDS
  0x7d: (machine) => machine.dict(), // EMPTY_DICT
  0x73: (machine) => machine.setItems(machine.popCount(2)), // SETITEM
  0x75: (machine) => machine.setItems(machine.popMarked()), // SETITEMS
  0x8f: (machine) => machine.set([]), // EMPTY_SET
  0x90: (machine) => machine.addItems(machine.popMarked()), // ADDITEMS
  0x91: (machine) => machine.set(machine.popMarked()), // FROZENSET
  0x63: (machine, cursor) => machine.global(cursor.line(), cursor.line()), // GLOBAL
  0x93: (machine) => machine.stackGlobal(), // STACK_GLOBAL
  0x52: (machine) => machine.reduce(), // REDUCE
  0x81: (machine) => machine.reduce(), // NEWOBJ: a class in place of a function
  0x62: (machine) => machine.build(), // BUILD
  0x51: (machine) => machine.persistent(), // BINPERSID
  0x71: (machine, cursor) => machine.remember(cursor.uint8()), // BINPUT
  0x72: (machine, cursor) => machine.remember(cursor.uint32()), // LONG_BINPUT
  0x94: (machine) => machine.remember(null), // MEMOIZE
  0x68: (machine, cursor) => machine.recall(cursor.uint8()), // BINGET
  0x6a: (machine, cursor) => machine.recall(cursor.uint32()), // LONG_BINGET
};

const mostLongBytes = 256;

function longLength(length: number): number {
  const isLength = length >= 0 && length <= mostLongBytes;
  requireFormat(isLength, 'unpickle', `an integer must have at most ${mostLongBytes} bytes`, length);
  return length;
}

/** Little-endian, two's complement. */
function integerOf(bytes: Uint8Array): number | bigint {
  const digits = [...bytes].reverse().map((byte) => byte.toString(16).padStart(2, '0'));
  const value = BigInt.asIntN(8 * bytes.length, BigInt(`0x0${digits.join('')}`));
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function requireProtocol(protocol: number): void {
  if (protocol < 2 || protocol > 5) throw new FormatError(`unpickle: protocol must be 2 to 5, got ${protocol}`);
}

function hex(opcode: number): string {
  return `0x${opcode.toString(16).padStart(2, '0')}`;
}
