import { requireRange } from '../errors.js';
import { derivedKey } from '../op/derived-values.js';
import { CompressedRows } from '../rows/compressed-rows.js';
import { hasSimd } from '../wasm/features.js';
import { withHostArena, type HostArena } from '../wasm/host-memory.js';
import { CoordinateMap } from './coordinate-map.js';
import { indexKernels } from './index-kernels.js';
import { holdsBounds, maximumKeyBits, roomyKeySpace, type Bounds, type KeySpace } from './key-space.js';
import * as reference from './reference-sets.js';
import { writeKeysIn } from './site-keys.js';
import { ascending, sitesOfKeys, sitesOfRows, type Sites } from './sites.js';

const unions = derivedKey<CoordinateMap>();
const rowsIntoTargets = derivedKey<CompressedRows>();

/**
 * The sites that any of the maps has; one of the maps itself where it has them all, so that what is cached on it serves
 * again. Made once per pair.
 *
 * @throws RangeError in the name of `op` when rank or stride differ
 */
export function unionOf(op: string, maps: readonly CoordinateMap[]): CoordinateMap {
  return maps.reduce((union, map) => {
    requireRange(map.rank === union.rank, op, `operands must have rank ${union.rank} (as the first)`, map.rank);
    requireRange(
      String(map.stride) === String(union.stride),
      op,
      `operands must have stride [${union.stride.join(', ')}] (as the first)`,
      map.stride,
    );
    // A union belongs to the tensors on it: an operand does not free it.
    return map === union ? union : union.derived(unions.with(map), () => merge(union, map));
  });
}

/** The site of `map` at each site of `target`, which has all of them; null when they are the same. */
export function rowsInto(target: CoordinateMap, map: CoordinateMap): CompressedRows | null {
  if (map.siteCount === target.siteCount) return null;
  return target.derived(rowsIntoTargets.with(map), (own) => {
    const { sites, targetRows } = match(target.sites, map.sites);
    const bySite = { starts: ascending(map.siteCount + 1), order: targetRows };
    return own(CompressedRows.fromIndex(sites, map.siteCount, bySite));
  });
}

/** For each site of `target` the site of `map`, of the same rank, with the same coordinates, or -1. */
export function siteIndices(target: CoordinateMap, map: CoordinateMap): Int32Array {
  return match(target.sites, map.sites).sites;
}

function merge(a: CoordinateMap, b: CoordinateMap): CoordinateMap {
  const sites = mergeSites(a.sites, b.sites);
  const [batchSize, spatialShape] = [Math.max(a.batchSize, b.batchSize), commonShape(a, b)];
  const holdsAll = (map: CoordinateMap): boolean =>
    map.siteCount === sites.count && map.batchSize === batchSize && String(map.spatialShape) === String(spatialShape);
  if (holdsAll(a)) return a;
  if (holdsAll(b)) return b;
  const { stride, rank } = a;
  return new CoordinateMap(sites, { rank, batchSize, stride, spatialShape });
}

/** The least box that holds both grids; null where one is unbounded. */
function commonShape(a: CoordinateMap, b: CoordinateMap): readonly number[] | null {
  return a.spatialShape && b.spatialShape && a.spatialShape.map((size, axis) => Math.max(size, b.spatialShape![axis]));
}

function mergeSites(a: Sites, b: Sites): Sites {
  const bounds = commonBounds(a, b);
  const merged = withKeys(a, b, (arena, space, keysOfA, keysOfB) => {
    const keys = arena.alloc((a.count + b.count) * 8);
    const count = indexKernels().mergeKeys(keysOfA, a.count, keysOfB, b.count, keys);
    return sitesOfKeys({ keys: new BigUint64Array(arena.buffer, keys, count).slice(), space }, bounds);
  });
  return merged ?? sitesOfRows(reference.mergeRows(a.coordinates, b.coordinates, bounds.minimum.length), bounds);
}

/** Where two sets meet. */
interface Match {
  /** Int32 `[sites of target]`: the site of the other set, or -1. */
  readonly sites: Int32Array;
  /** Int32 `[sites of the other set]`: the site of target, or -1. */
  readonly targetRows: Int32Array;
}

function match(target: Sites, other: Sites): Match {
  const matched = withKeys(target, other, (arena, _space, keysOfTarget, keysOfOther) => {
    const sites = arena.alloc(target.count * 4);
    const targetRows = arena.alloc(other.count * 4);
    arena.int32(targetRows, other.count).fill(-1);
    indexKernels().matchKeys(keysOfTarget, target.count, keysOfOther, sites, targetRows);
    return {
      sites: arena.int32(sites, target.count).slice(),
      targetRows: arena.int32(targetRows, other.count).slice(),
    };
  });
  const columns = target.bounds.minimum.length;
  return matched ?? reference.matchRows(target.coordinates, other.coordinates, columns);
}

/** What `run` makes of the keys of both sets in one space; null where keys cannot be had. */
function withKeys<T>(
  a: Sites,
  b: Sites,
  run: (arena: HostArena, space: KeySpace, keysOfA: number, keysOfB: number) => T,
): T | null {
  const space = commonSpace(a, b);
  if (!hasSimd() || space.bits > maximumKeyBits) return null;
  return withHostArena((arena) => run(arena, space, writeKeysIn(arena, a, space), writeKeysIn(arena, b, space)));
}

/** A space that one of the sets has keys in serves again where it holds the other. */
function commonSpace(a: Sites, b: Sites): KeySpace {
  const bounds = commonBounds(a, b);
  const known = [a, b].map(({ siteKeys }) => siteKeys?.space).find((space) => space && holdsBounds(space, bounds));
  return known ?? roomyKeySpace(bounds);
}

function commonBounds(a: Sites, b: Sites): Bounds {
  if (a.count === 0 || b.count === 0) return (a.count === 0 ? b : a).bounds;
  return {
    minimum: a.bounds.minimum.map((least, column) => Math.min(least, b.bounds.minimum[column])),
    maximum: a.bounds.maximum.map((greatest, column) => Math.max(greatest, b.bounds.maximum[column])),
  };
}
