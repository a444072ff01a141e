import { requireRange } from '../errors.js';
import { hasSimd } from '../wasm/features.js';
import { withHostArena, type HostArena } from '../wasm/host-memory.js';
import type { CoordinateMap } from './coordinate-map.js';
import { copyRows } from './copy-rows.js';
import { findKeys } from './find-keys.js';
import { indexKernels } from './index-kernels.js';
import { maximumKeyBits, roomyKeySpace, writeKeyWeights, type KeySpace } from './key-space.js';
import { findRows } from './reference-sets.js';
import { writeKeysIn } from './site-keys.js';

/**
 * The site of `map` at each cell, or -1.
 *
 * @param cells  int32 `[cells, 1 + rank]` in any order, batch index first; they may lie anywhere
 * @returns      int32 `[cells]`
 */
export function findCells({ sites, rank }: CoordinateMap, cells: Int32Array): Int32Array {
  const columns = 1 + rank;
  const rule = `cells must have ${columns} numbers each (batch index and ${rank} axes)`;
  requireRange(cells.length % columns === 0, 'findCells', rule, `${cells.length} numbers`);
  const space = sites.siteKeys?.space ?? roomyKeySpace(sites.bounds);
  if (sites.count === 0 || !hasSimd() || space.bits > maximumKeyBits) {
    return findRows(cells, sites.coordinates, columns);
  }
  return withHostArena((arena) => {
    const count = cells.length / columns;
    const found = arena.alloc(count * 4);
    const keys = keysOfCells(arena, space, cells);
    findKeys(
      arena,
      { keys: writeKeysIn(arena, sites, space), count: sites.count, bits: space.bits },
      keys,
      count,
      found,
    );
    return arena.int32(found, count).slice();
  });
}

function keysOfCells(arena: HostArena, space: KeySpace, cells: Int32Array): number {
  const { minimum, maximum } = space.bounds;
  const columns = minimum.length;
  const count = cells.length / columns;
  const keys = arena.alloc(count * 8);
  const bounds = arena.alloc(columns * 8);
  arena.int32(bounds, columns * 2).set(minimum.flatMap((least, column) => [least, maximum[column]]));
  const weights = writeKeyWeights(arena, space);
  indexKernels().keysOfCells(copyRows(arena, cells), count, columns, bounds, weights, keys);
  return keys;
}
