import { hasSimd } from '../wasm/features.js';
import { withHostArena, type HostArena } from '../wasm/host-memory.js';
import { copyRows, rowSpillBytes } from './copy-rows.js';
import { groupKeys, sortableIndexBits, type KeyGroups } from './group-keys.js';
import { indexKernels } from './index-kernels.js';
import {
  maximumKeyBits,
  noBounds,
  roomyKeySpace,
  writeKeyFields,
  writeKeyWeights,
  type Bounds,
  type KeySpace,
  type SiteKeys,
} from './key-space.js';
import * as reference from './reference.js';
import { sitesOfKeys, sitesOfRows, type Sites } from './sites.js';

/** The sites among rows that may repeat. */
export interface RowGrouping {
  /** The different rows. */
  readonly sites: Sites;
  /** Int32 `[rows]`: site of each row. */
  readonly inverse: Int32Array;
  /** Int32 `[sites + 1]`: where the rows of each site start in `pointOrder`. */
  readonly pointStarts: Int32Array;
  /** Int32 `[rows]`: rows by site, ascending within a site. */
  readonly pointOrder: Int32Array;
}

/**
 * Groups rows by sorting their keys; rows too far apart for keys of 62 bits go the plain path.
 *
 * @param rows int32 `[rows, columns]` inside `bounds`, at least one
 */
export function groupRows(rows: Int32Array, bounds: Bounds): RowGrouping {
  const columns = bounds.minimum.length;
  const rowCount = rows.length / columns;
  const space = roomyKeySpace(bounds);
  if (!hasSimd() || space.bits > maximumKeyBits) return groupPlainly(rows, bounds);
  return withHostArena((arena) => {
    const kernels = indexKernels();
    const keys = arena.alloc((rowCount + 1) * 8);
    const copies = copyRows(arena, rows);
    const indexBits = sortableIndexBits(space.bits, rowCount);
    const weights = writeKeyWeights(arena, space, { indexBits: indexBits ?? 0 });
    const writeKeys = indexBits === null ? kernels.keysOfRows : kernels.indexedKeysOfRows;
    writeKeys(copies, rowCount, columns * 4, weights, keys);
    return groupingOfKeys(arena, keys, rowCount, bounds, space, indexBits);
  });
}

export function noRows(rank: number): RowGrouping {
  const none = (): Int32Array => new Int32Array(0);
  const sites = sitesOfRows(none(), noBounds(rank));
  return { sites, inverse: none(), pointStarts: new Int32Array(1), pointOrder: none() };
}

/** Groups rows without wasm. */
export function groupPlainly(rows: Int32Array, bounds: Bounds): RowGrouping {
  const { coordinates, ...points } = reference.groupRows(rows, bounds.minimum.length);
  return { sites: sitesOfRows(coordinates, bounds), ...points };
}

/** Groups rows by their keys in the arena; parameters as `groupKeys`. */
export function groupingOfKeys(
  arena: HostArena,
  keys: number,
  rowCount: number,
  bounds: Bounds,
  space: KeySpace,
  indexBits: number | null,
): RowGrouping {
  const groups = groupKeys(arena, keys, rowCount, space.bits, indexBits);
  const { siteCount, sites, starts, order } = groups;
  return {
    sites: sitesOfKeys(siteKeysOf(arena, groups, space), bounds),
    inverse: arena.int32(sites, rowCount).slice(),
    pointStarts: arena.int32(starts, siteCount + 1).slice(),
    pointOrder: arena.int32(order, rowCount).slice(),
  };
}

/** Writes i32[siteCount, columns], the coordinates of grouped keys. */
export function writeSiteRows(arena: HostArena, { siteCount, siteKeys }: KeyGroups, space: KeySpace): number {
  const rowBytes = space.masks.length * 4;
  const rows = arena.alloc(siteCount * rowBytes + rowSpillBytes);
  indexKernels().rowsOfKeys(siteKeys, siteCount, writeKeyFields(arena, space), rows, rowBytes);
  return rows;
}

export function siteKeysOf(arena: HostArena, { siteCount, siteKeys }: KeyGroups, space: KeySpace): SiteKeys {
  return { keys: new BigUint64Array(arena.buffer, siteKeys, siteCount).slice(), space };
}

/** Least and greatest value of every column of i32[rowCount, columns] at `rows`. */
export function boundsIn(arena: HostArena, rows: number, rowCount: number, columns: number): Bounds {
  const pointer = arena.alloc(64);
  indexKernels().boundRows(rows, rowCount, columns * 4, pointer);
  const [minimum, maximum] = [arena.int32(pointer, 8), arena.int32(pointer + 32, 8)].map((bounds) => [
    bounds[0], // batch
    ...bounds.subarray(4, 3 + columns), // axes
  ]);
  return { minimum, maximum };
}

/** Least and greatest value of every column of `rows` (int32 `[rows, columns]`, at least one row). */
export function boundsOf(rows: Int32Array, columns: number): Bounds {
  if (!hasSimd()) return reference.boundsOf(rows, columns);
  return withHostArena((arena) => boundsIn(arena, copyRows(arena, rows), rows.length / columns, columns));
}
