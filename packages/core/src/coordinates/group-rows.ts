import { hasSimd } from '../wasm/features.js';
import { withHostArena, type HostArena } from '../wasm/host-memory.js';
import { indexKernels, type IndexKernels } from './index-kernels.js';
import {
  bitsFor,
  maximumKeyBits,
  roomyKeySpace,
  writeKeyFields,
  writeKeyWeights,
  type Bounds,
  type KeySpace,
  type SiteKeys,
} from './key-space.js';
import * as reference from './reference.js';
import { sortKeys } from './sort-keys.js';

/** The sites among rows that may repeat. */
export interface RowGrouping {
  /** Int32 `[sites, columns]`: the different rows, ascending. */
  readonly coordinates: Int32Array;
  /** The keys of the sites, where the path made them. */
  readonly siteKeys: SiteKeys | null;
  /** Int32 `[rows]`: site of each row. */
  readonly inverse: Int32Array;
  /** Int32 `[sites + 1]`: where the rows of each site start in `pointOrder`. */
  readonly pointStarts: Int32Array;
  /** Int32 `[rows]`: rows by site, ascending within a site. */
  readonly pointOrder: Int32Array;
}

/** What the wasm kernels read or write behind the last row. */
export const rowSpillBytes = 16;

/**
 * Groups rows by sorting `key << indexBits | row`. Where that does not fit 64 bits (four axes of a million cells each),
 * the plain path does it.
 *
 * @param rows int32 `[rows, columns]` inside `bounds`, at least one
 */
export function groupRows(rows: Int32Array, bounds: Bounds): RowGrouping {
  const columns = bounds.minimum.length;
  const rowCount = rows.length / columns;
  const space = roomyKeySpace(bounds);
  if (!hasSimd() || !fitsSort(space, rowCount)) return reference.groupRows(rows, columns);
  return withHostArena((arena) => {
    const keys = arena.alloc(rowCount * 8);
    const weights = writeKeyWeights(arena, space, { indexBits: indexBitsFor(rowCount) });
    indexKernels().indexedKeysOfRows(copyRows(arena, rows), rowCount, columns * 4, weights, keys);
    return groupKeys(arena, keys, rowCount, space);
  });
}

/** Copies rows into the arena. */
export function copyRows(arena: HostArena, rows: Int32Array): number {
  const pointer = arena.alloc(rows.byteLength + rowSpillBytes);
  arena.int32(pointer, rows.length).set(rows);
  return pointer;
}

/** Groups rows by their keys: u64[rowCount] `key << indexBitsFor(rowCount) | row` in the arena. */
export function groupKeys(arena: HostArena, keys: number, rowCount: number, space: KeySpace): RowGrouping {
  const kernels = indexKernels();
  const columns = space.masks.length;
  const indexBits = indexBitsFor(rowCount);
  const sorted = sortKeys(kernels, arena, keys, rowCount, indexBits, space.bits);
  const siteKeys = arena.alloc(rowCount * 8);
  const inverse = arena.alloc(rowCount * 4);
  const pointStarts = arena.alloc((rowCount + 1) * 4);
  const pointOrder = arena.alloc(rowCount * 4);
  const siteCount = kernels.groupSorted(sorted, rowCount, indexBits, siteKeys, inverse, pointStarts, pointOrder);
  const coordinates = arena.alloc(siteCount * columns * 4 + rowSpillBytes);
  kernels.rowsOfKeys(siteKeys, siteCount, writeKeyFields(arena, space), coordinates, columns * 4);
  return {
    coordinates: arena.int32(coordinates, siteCount * columns).slice(),
    siteKeys: { keys: new BigUint64Array(arena.buffer, siteKeys, siteCount).slice(), space },
    inverse: arena.int32(inverse, rowCount).slice(),
    pointStarts: arena.int32(pointStarts, siteCount + 1).slice(),
    pointOrder: arena.int32(pointOrder, rowCount).slice(),
  };
}

/** Bits that hold the index of one of `count` keys. */
export function indexBitsFor(count: number): number {
  return bitsFor(count - 1);
}

/** True when a key of `space` and the index of one of `count` keys fit one sortable integer. */
export function fitsSort(space: KeySpace, count: number): boolean {
  return space.bits <= maximumKeyBits && space.bits + indexBitsFor(count) <= 64;
}

/** Least and greatest value of every column of i32[rowCount, columns] at `rows`. */
export function boundsIn(
  kernels: IndexKernels,
  arena: HostArena,
  rows: number,
  rowCount: number,
  columns: number,
): Bounds {
  const pointer = arena.alloc(64);
  kernels.boundRows(rows, rowCount, columns * 4, pointer);
  const [minimum, maximum] = [arena.int32(pointer, 8), arena.int32(pointer + 32, 8)].map((bounds) => [
    bounds[0], // batch
    ...bounds.subarray(4, 3 + columns), // axes
  ]);
  return { minimum, maximum };
}

/** Least and greatest value of every column of `rows` (int32 `[rows, columns]`, at least one row). */
export function boundsOf(rows: Int32Array, columns: number): Bounds {
  if (!hasSimd()) return reference.boundsOf(rows, columns);
  return withHostArena((arena) =>
    boundsIn(indexKernels(), arena, copyRows(arena, rows), rows.length / columns, columns),
  );
}
