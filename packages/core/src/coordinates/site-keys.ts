import type { HostArena } from '../wasm/host-memory.js';
import { copyRows } from './copy-rows.js';
import { indexKernels } from './index-kernels.js';
import { sentinelKey, writeKeyWeights, type KeySpace, type SiteKeys } from './key-space.js';
import type { Sites } from './sites.js';

/** The keys that sites came with, in the arena, and the sentinel. */
export function copyKeys(arena: HostArena, { keys }: SiteKeys): number {
  const pointer = arena.alloc(keys.byteLength + 8);
  const copies = new BigUint64Array(arena.buffer, pointer, keys.length + 1);
  copies.set(keys);
  copies[keys.length] = sentinelKey;
  return pointer;
}

/** Keys of sites in `space`, which holds them, in the arena, and the sentinel. */
export function writeKeysIn(arena: HostArena, sites: Sites, space: KeySpace): number {
  if (sites.siteKeys?.space === space) return copyKeys(arena, sites.siteKeys);
  const axes = sites.bounds.minimum.slice(1);
  return writeKeys(
    arena,
    sites,
    space,
    axes.map(() => 1),
  );
}

/** Keys of `strides * site` in the arena, and the sentinel. */
export function writeKeys(
  arena: HostArena,
  { count, coordinates, bounds }: Sites,
  space: KeySpace,
  strides: readonly number[],
): number {
  const keys = arena.alloc((count + 1) * 8);
  const weights = writeKeyWeights(arena, space, { strides });
  indexKernels().keysOfRows(copyRows(arena, coordinates), count, bounds.minimum.length * 4, weights, keys);
  return keys;
}
