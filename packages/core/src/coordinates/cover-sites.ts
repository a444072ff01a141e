import { requireRange } from '../errors.js';
import { hasSimd } from '../wasm/features.js';
import { withHostArena, type HostArena } from '../wasm/host-memory.js';
import { copyRows } from './copy-rows.js';
import { coverDisjointly } from './cover-disjointly.js';
import { groupKeys, sortableIndexBits } from './group-keys.js';
import { boundsIn, siteKeysOf, writeSiteRows } from './group-rows.js';
import { indexKernels } from './index-kernels.js';
import type { KernelGeometry } from './kernel-geometry.js';
import { offsetCount } from './kernel-offsets.js';
import {
  columnWeight,
  keyStep,
  maximumKeyBits,
  maximumRank,
  noBounds,
  roomyKeySpace,
  type KeySpace,
} from './key-space.js';
import type { OutputGrid } from './output-grid.js';
import { concatenatePairs, type PairLists, type PairSegment } from './pair-lists.js';
import * as reference from './reference.js';
import { sitesOfRows, type Sites } from './sites.js';
import { windowClasses, writeWindowAxes, type WindowClasses } from './window-axes.js';

/** Output sites of a strided convolution and its pairs. */
export interface Covering {
  readonly sites: Sites;
  readonly pairs: PairLists;
}

/** Pairs that fit the index memory: each takes at most 80 of its 2^32 bytes (two keys with copies, eleven int32). */
const maximumPairs = 50_000_000;

/**
 * Every site of the grid whose window holds an input site. Each (input site, tap) leads to at most one output site: the
 * sorted candidates are the sites and are themselves the pairs, so nothing is looked up.
 */
export function coverSites(inputs: Sites, geometry: KernelGeometry, grid: OutputGrid): Covering {
  const isEmpty = grid.least.some((first, axis) => first > grid.greatest[axis]);
  if (isEmpty || inputs.count === 0) return nothing(geometry);
  const { minimum, maximum } = inputs.bounds;
  const space = roomyKeySpace({ minimum: [minimum[0], ...grid.least], maximum: [maximum[0], ...grid.greatest] });
  if (!hasSimd() || space.bits > maximumKeyBits) return coverPlainly(inputs, geometry, grid);
  return coverDisjointly(inputs, geometry, grid) ?? coverByClass(inputs, geometry, grid, space);
}

function coverByClass(inputs: Sites, geometry: KernelGeometry, grid: OutputGrid, space: KeySpace): Covering {
  return withHostArena((arena) => {
    const classes = windowClasses(geometry);
    const classified = classify(arena, inputs, geometry, grid, space, classes);
    const candidateLimit = classes.taps.reduce((sum, tap) => sum + classified.lists[tap.siteClass].count, 0);
    requireRange(
      candidateLimit <= maximumPairs,
      'kernelMap',
      `a convolution to new sites must have at most ${maximumPairs} pairs of sites`,
      candidateLimit,
    );
    const candidates = listCandidates(arena, space, classes, classified, candidateLimit);
    return candidates.count === 0 ? nothing(geometry) : cover(arena, space, candidates);
  });
}

function coverPlainly({ coordinates }: Sites, geometry: KernelGeometry, { least, greatest }: OutputGrid): Covering {
  const covering = reference.coveringSites(coordinates, geometry, least, greatest);
  if (covering.length === 0) return nothing(geometry);
  return {
    sites: sitesOfRows(covering, reference.boundsOf(covering, 1 + least.length)),
    pairs: concatenatePairs(reference.matchSites(coordinates, covering, geometry)),
  };
}

function nothing(geometry: KernelGeometry): Covering {
  const none = { inputs: new Int32Array(0), outputs: new Int32Array(0) };
  const rank = geometry.kernelSize.length;
  return {
    sites: sitesOfRows(new Int32Array(0), noBounds(rank)),
    pairs: concatenatePairs(new Array(offsetCount(geometry)).fill(none)),
  };
}

/** Input sites in the arena, by class; pointers as `classifySites` and `listByClass` write them. */
interface ClassifiedSites {
  readonly axes: number;
  readonly distances: number;
  readonly keys: number;
  /** By class: pointer to i32[count] sites. */
  readonly lists: readonly { readonly pointer: number; readonly count: number }[];
}

function classify(
  arena: HostArena,
  { count: siteCount, coordinates, bounds }: Sites,
  geometry: KernelGeometry,
  grid: OutputGrid,
  space: KeySpace,
  windows: WindowClasses,
): ClassifiedSites {
  const columns = bounds.minimum.length;
  const axes = writeWindowAxes(arena, geometry, windows, grid, space);
  const distances = arena.alloc(siteCount * 16);
  const keys = arena.alloc(siteCount * 8);
  const classes = arena.alloc(siteCount * 4);
  const rows = copyRows(arena, coordinates);
  const kernels = indexKernels();
  kernels.classifySites(
    rows,
    rows + (columns - maximumRank) * 4,
    siteCount,
    columns * 4,
    axes,
    leastKey(grid, space),
    columnWeight(space, 0),
    windows.classCount,
    distances,
    keys,
    classes,
  );
  const listCount = windows.classCount + 1; // the last one holds the sites that no tap leads anywhere
  const ends = arena.alloc(listCount * 4);
  const sites = arena.alloc(siteCount * 4);
  kernels.listByClass(classes, siteCount, listCount, ends, sites);
  const listEnds = [...arena.int32(ends, listCount)];
  const lists = listEnds.map((end, list) => {
    const start = list === 0 ? 0 : listEnds[list - 1];
    return { pointer: sites + start * 4, count: end - start };
  });
  return { axes, distances, keys, lists };
}

/** Key of batch 0 and the least output, which may lie before all keys. */
function leastKey({ least }: OutputGrid, space: KeySpace): bigint {
  return [0, ...least].reduce(
    (key, value, column) => key + BigInt(value - space.bounds.minimum[column]) * columnWeight(space, column),
    0n,
  );
}

/** Candidates in the arena, tap by tap. */
interface Candidates {
  readonly count: number;
  /** u64[count] keys of the output sites as `groupKeys` takes them, with `indexBits`. */
  readonly keys: number;
  readonly indexBits: number | null;
  /** i32[count]. */
  readonly inputs: number;
  readonly segments: readonly PairSegment[];
}

function listCandidates(
  arena: HostArena,
  space: KeySpace,
  { taps }: WindowClasses,
  { axes, distances, keys: siteKeys, lists }: ClassifiedSites,
  limit: number,
): Candidates {
  const indexBits = sortableIndexBits(space.bits, limit);
  const keys = arena.alloc((limit + 1) * 8);
  const inputs = arena.alloc((limit + 1) * 4);
  const shifts = arena.alloc(maximumRank * 4);
  let count = 0;
  const segments = taps.map(({ siteClass, shifts: ofAxes }) => {
    const { pointer, count: siteCount } = lists[siteClass];
    const start = count;
    arena
      .int32(shifts, maximumRank)
      .fill(0)
      .set(ofAxes, maximumRank - ofAxes.length);
    const keyShift = keyStep(space, ofAxes);
    const sites = [pointer, siteCount, distances, siteKeys] as const;
    count = indexKernels().listCandidates(...sites, axes, shifts, keyShift, start, indexBits ?? 0, keys, inputs);
    return { start, count: count - start, swapped: false };
  });
  return { count, keys, indexBits, inputs, segments };
}

/** Sorts the candidates to sites. */
function cover(arena: HostArena, space: KeySpace, { count, keys, indexBits, inputs, segments }: Candidates): Covering {
  const columns = space.masks.length;
  const groups = groupKeys(arena, keys, count, space.bits, indexBits);
  const coordinates = writeSiteRows(arena, groups, space);
  return {
    sites: sitesOfRows(
      arena.int32(coordinates, groups.siteCount * columns).slice(),
      boundsIn(arena, coordinates, groups.siteCount, columns),
      siteKeysOf(arena, groups, space),
    ),
    pairs: {
      left: arena.int32(inputs, count).slice(),
      right: arena.int32(groups.sites, count).slice(),
      segments,
    },
  };
}
