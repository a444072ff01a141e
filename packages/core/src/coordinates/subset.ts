import { hasSimd } from '../wasm/features.js';
import { withHostArena, type HostArena } from '../wasm/host-memory.js';
import { CoordinateMap } from './coordinate-map.js';
import { copyRows, rowSpillBytes } from './copy-rows.js';
import { boundsIn } from './group-rows.js';
import { indexKernels } from './index-kernels.js';
import { noBounds } from './key-space.js';
import * as reference from './reference.js';
import { sitesOfRows, type Sites } from './sites.js';

/**
 * Some of the sites of `map` on the same grid.
 *
 * @param kept int32 `[sites kept]`: sites of `map`, strictly ascending
 */
export function subsetOf(map: CoordinateMap, kept: Int32Array): CoordinateMap {
  const { rank, batchSize, stride, spatialShape } = map;
  const sites = kept.length === 0 ? sitesOfRows(new Int32Array(0), noBounds(rank)) : takeSites(map.sites, kept);
  return new CoordinateMap(sites, { rank, batchSize, stride, spatialShape });
}

/** The sites of `map` whose coordinate is `start` to `end - 1` on every axis; default: all. */
export function sitesInside(
  { sites, rank }: CoordinateMap,
  start: readonly number[] = new Array<number>(rank).fill(-Infinity),
  end: readonly number[] = new Array<number>(rank).fill(Infinity),
): Int32Array {
  const { minimum, maximum } = sites.bounds;
  const least = minimum.map((value, column) => (column === 0 ? value : Math.max(value, start[column - 1])));
  const greatest = maximum.map((value, column) => (column === 0 ? value : Math.min(value, end[column - 1] - 1)));
  if (least.some((value, column) => value > greatest[column])) return new Int32Array(0);
  if (!hasSimd()) return plainSitesInside(sites, least, greatest);
  return withHostArena((arena) => {
    const columns = minimum.length;
    const bounds = arena.alloc(columns * 8);
    arena.int32(bounds, columns * 2).set(least.flatMap((value, column) => [value, greatest[column]]));
    const rows = copyRows(arena, sites.coordinates);
    const inside = arena.alloc((sites.count + 1) * 4);
    const count = indexKernels().listSitesInside(rows, sites.count, columns, bounds, inside);
    return arena.int32(inside, count).slice();
  });
}

/** True when both maps have the same sites. */
export function haveEqualSites(a: CoordinateMap, b: CoordinateMap): boolean {
  if (a === b) return true;
  return a.siteCount === b.siteCount && a.coordinates.every((value, i) => value === b.coordinates[i]);
}

function takeSites(sites: Sites, kept: Int32Array): Sites {
  const columns = sites.bounds.minimum.length;
  if (!hasSimd()) {
    const rows = plainRows(sites, kept);
    return sitesOfRows(rows, reference.boundsOf(rows, columns));
  }
  return withHostArena((arena) => {
    const rows = takeRows(arena, sites, kept);
    const coordinates = arena.int32(rows, kept.length * columns).slice();
    return sitesOfRows(coordinates, boundsIn(arena, rows, kept.length, columns));
  });
}

function takeRows(arena: HostArena, { coordinates, bounds }: Sites, kept: Int32Array): number {
  const columns = bounds.minimum.length;
  const taken = arena.alloc(kept.length * columns * 4 + rowSpillBytes);
  const rows = copyRows(arena, coordinates);
  indexKernels().takeRows(rows, columns, copyRows(arena, kept), kept.length, taken);
  return taken;
}

function plainRows({ coordinates, bounds }: Sites, kept: Int32Array): Int32Array {
  const columns = bounds.minimum.length;
  return Int32Array.from({ length: kept.length * columns }, (_, i) => {
    return coordinates[kept[Math.floor(i / columns)] * columns + (i % columns)];
  });
}

function plainSitesInside(
  { count, coordinates }: Sites,
  least: readonly number[],
  greatest: readonly number[],
): Int32Array {
  const columns = least.length;
  const isInside = (site: number): boolean =>
    least.every((value, column) => {
      const coordinate = coordinates[site * columns + column];
      return coordinate >= value && coordinate <= greatest[column];
    });
  return Int32Array.from(Array.from({ length: count }, (_, site) => site).filter(isInside));
}
