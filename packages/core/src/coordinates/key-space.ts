import type { HostArena } from '../wasm/host-memory.js';

/** Least and greatest value of every column (batch first), both inclusive. */
export interface Bounds {
  readonly minimum: readonly number[];
  readonly maximum: readonly number[];
}

/** The bounds of no rows. */
export function noBounds(rank: number): Bounds {
  const zeros = new Array<number>(1 + rank).fill(0);
  return { minimum: zeros, maximum: zeros };
}

/**
 * Sites as integers that sort as the sites do: one bit field per column, batch highest, last axis lowest. Every row
 * inside the bounds has its own key, so a box that holds all sites and all queried positions cannot alias: neighbours
 * neither wrap around an axis nor reach the next cloud. Bit fields cost up to one bit per axis more than a mixed radix,
 * and make coordinates out of keys without a division.
 */
export interface KeySpace {
  readonly bounds: Bounds;
  /** Per column. */
  readonly shifts: readonly number[];
  /** Per column. */
  readonly masks: readonly number[];
  readonly bits: number;
}

/** Keys of sites, ascending. */
export interface SiteKeys {
  readonly keys: BigUint64Array;
  readonly space: KeySpace;
}

/** Keys stay below 2^62, so that neither a sentinel above them nor a window behind them overflows. */
export const maximumKeyBits = 62;
/** Greater than every key; what stands behind the last key of a list. */
export const sentinelKey = 2n ** 63n - 1n;

const lastBitsLeast = 5; // rows are no less than the blocks of block-index.ts
const columnLimit = 5; // batch and at most four axes: what the wasm kernels read of a row
export const maximumRank = columnLimit - 1;

export function keySpace(bounds: Bounds): KeySpace {
  const lastColumn = bounds.minimum.length - 1;
  const widths = bounds.minimum.map((least, column) => {
    const width = bitsFor(bounds.maximum[column] - least);
    return column === lastColumn ? Math.max(width, lastBitsLeast) : width;
  });
  const shifts = widths.map((_, column) => widths.slice(column + 1).reduce((sum, width) => sum + width, 0));
  return {
    bounds,
    shifts,
    masks: widths.map((width) => 2 ** width - 1),
    bits: widths.reduce((sum, width) => sum + width, 0),
  };
}

/**
 * The key space of `bounds` and one cell around them, so that the keys of sites also serve kernels of size 3, and one
 * more behind them, so that fields do not overflow where sites are moved to even origins (cover-disjointly.ts).
 */
export function roomyKeySpace({ minimum, maximum }: Bounds): KeySpace {
  return keySpace({
    minimum: minimum.map((least, column) => (column === 0 ? least : least - 1)),
    maximum: maximum.map((greatest, column) => (column === 0 ? greatest : greatest + 2)),
  });
}

/** True when every row inside `bounds` has a key in `space`. */
export function holdsBounds(space: KeySpace, { minimum, maximum }: Bounds): boolean {
  return (
    minimum.every((least, column) => least >= space.bounds.minimum[column]) &&
    maximum.every((greatest, column) => greatest <= space.bounds.maximum[column])
  );
}

/** Bits that hold the integers 0..greatest. */
export function bitsFor(greatest: number): number {
  return 32 - Math.clz32(greatest);
}

/** What a step of 1 in `column` adds to a key. */
export function columnWeight(space: KeySpace, column: number): bigint {
  return 1n << BigInt(space.shifts[column]);
}

/** What moving by `offset` (one entry per axis) adds to a key. */
export function keyStep(space: KeySpace, offset: ArrayLike<number>): bigint {
  let step = 0n;
  for (let axis = 0; axis < offset.length; axis++) step += BigInt(offset[axis]) * columnWeight(space, axis + 1);
  return step;
}

/**
 * Writes i64[6] for the key kernels: bias, then one weight per column. The key is that of the row whose axes are
 * multiplied by `strides`, shifted left by `indexBits`.
 */
export function writeKeyWeights(
  arena: HostArena,
  space: KeySpace,
  { strides, indexBits = 0 }: { readonly strides?: readonly number[]; readonly indexBits?: number } = {},
): number {
  const pointer = arena.alloc((1 + columnLimit) * 8);
  const weights = new BigInt64Array(arena.buffer, pointer, 1 + columnLimit).fill(0n);
  space.bounds.minimum.forEach((least, column) => {
    const weight = columnWeight(space, column) << BigInt(indexBits);
    weights[0] -= BigInt(least) * weight;
    weights[1 + column] = weight * BigInt(strides && column > 0 ? strides[column - 1] : 1);
  });
  return pointer;
}

/** Writes {shift, mask, minimum} per column for `rowsOfKeys`. */
export function writeKeyFields(arena: HostArena, space: KeySpace): number {
  const pointer = arena.alloc(columnLimit * 12);
  const fields = arena.int32(pointer, columnLimit * 3).fill(0);
  space.bounds.minimum.forEach((least, column) => {
    fields.set([space.shifts[column], space.masks[column], least], column * 3);
  });
  return pointer;
}
