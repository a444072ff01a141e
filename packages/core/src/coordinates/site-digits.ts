import type { HostArena } from '../wasm/host-memory.js';
import { indexKernels } from './index-kernels.js';
import { bitsFor, type Bounds } from './key-space.js';

/** One digit of a sortable key: the window of `size` cells that holds a coordinate, or its place in the window. */
export interface Digit {
  /** 0 for the batch index, 1 + axis. */
  readonly column: number;
  /** Added to the coordinate. */
  readonly shift: number;
  readonly size: number;
  readonly isPlace: boolean;
  /** Earlier digits of the key, by number: where an odd number of them is odd, this one counts backwards. */
  readonly reversedBy: readonly number[];
}

/** Least and greatest value of a digit, and the bits that it takes. */
export interface DigitRange {
  readonly least: number;
  readonly greatest: number;
  readonly bits: number;
}

export const cloudDigit: Digit = { column: 0, shift: 0, size: 1, isPlace: false, reversedBy: [] };

export function digitOf(coordinate: number, { shift, size, isPlace }: Digit): number {
  const window = Math.floor((coordinate + shift) / size);
  return isPlace ? coordinate + shift - size * window : window;
}

/** The range of `digit` over coordinates inside `bounds`. */
export function digitRange(digit: Digit, { minimum, maximum }: Bounds): DigitRange {
  const [least, greatest] = digit.isPlace
    ? [0, digit.size - 1]
    : [digitOf(minimum[digit.column], digit), digitOf(maximum[digit.column], digit)];
  return { least, greatest, bits: bitsFor(greatest - least) };
}

/** Keys in the making: u64[count] and u32[count], zeros at first. */
export interface GrowingKeys {
  readonly keys: number;
  readonly parities: number;
  readonly count: number;
}

export function emptyKeys(arena: HostArena, count: number): GrowingKeys {
  const growing = { keys: arena.alloc(count * 8), parities: arena.alloc(count * 4), count };
  arena.int32(growing.keys, count * 2).fill(0);
  arena.int32(growing.parities, count).fill(0);
  return growing;
}

/** Appends digit `number` of the keys; its values are i32[count] at `values`, one every `valueBytes`. */
export function appendDigit(
  arena: HostArena,
  { keys, parities, count }: GrowingKeys,
  values: number,
  valueBytes: number,
  { shift, size, isPlace, reversedBy }: Digit,
  { least, greatest, bits }: DigitRange,
  number: number,
): void {
  const record = arena.alloc(32);
  const reversing = reversedBy.reduce((mask, digit) => mask | (1 << digit), 0);
  arena.int32(record, 8).set([shift, size, Number(isPlace), least, greatest, bits, reversing, number]);
  indexKernels().appendDigit(values, valueBytes, count, record, parities, keys);
}
