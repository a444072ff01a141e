import { withHostArena } from '../wasm/host-memory.js';
import { indexKernels } from './index-kernels.js';
import { writeKeyFields, type Bounds, type SiteKeys } from './key-space.js';
import { rowSpillBytes } from './copy-rows.js';
import { copyKeys } from './site-keys.js';

/** A sorted set of sites as the index work needs it. */
export interface Sites {
  readonly count: number;
  /** Int32 `[sites, 1 + rank]`. */
  readonly coordinates: Int32Array;
  /** Least and greatest value of every column; zeros when there are no sites. */
  readonly bounds: Bounds;
  /** The keys that the sites were sorted by; null when they came sorted. */
  readonly siteKeys: SiteKeys | null;
}

/** @param coordinates int32 `[sites, 1 + rank]`, ascending */
export function sitesOfRows(coordinates: Int32Array, bounds: Bounds, siteKeys: SiteKeys | null = null): Sites {
  return { count: coordinates.length / bounds.minimum.length, coordinates, bounds, siteKeys };
}

/** Sites whose coordinates are made on first read: the coarse levels of a network never ask for them. */
export function sitesOfKeys(siteKeys: SiteKeys, bounds: Bounds): Sites {
  let coordinates: Int32Array | undefined;
  return {
    count: siteKeys.keys.length,
    get coordinates() {
      return (coordinates ??= rowsOfKeys(siteKeys));
    },
    bounds,
    siteKeys,
  };
}

function rowsOfKeys(siteKeys: SiteKeys): Int32Array {
  return withHostArena((arena) => {
    const { keys, space } = siteKeys;
    const columns = space.masks.length;
    const rows = arena.alloc(keys.length * columns * 4 + rowSpillBytes);
    indexKernels().rowsOfKeys(copyKeys(arena, siteKeys), keys.length, writeKeyFields(arena, space), rows, columns * 4);
    return arena.int32(rows, keys.length * columns).slice();
  });
}

/** 0, 1, 2, ... */
export function ascending(count: number): Int32Array {
  const numbers = new Int32Array(count);
  for (let i = 0; i < count; i++) numbers[i] = i;
  return numbers;
}
