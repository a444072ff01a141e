import { hasSimd } from '../wasm/features.js';
import { withHostArena, type HostArena } from '../wasm/host-memory.js';
import { copyRows } from './group-rows.js';
import { compactAxes } from './compact-axes.js';
import { indexKernels } from './index-kernels.js';
import type { KernelGeometry } from './kernel-geometry.js';
import { isCentred, zeroOffset } from './kernel-offsets.js';
import {
  holdsBounds,
  keySpace,
  maximumKeyBits,
  sentinelKey,
  writeKeyWeights,
  type Bounds,
  type KeySpace,
  type SiteKeys,
} from './key-space.js';
import { SiteMerge, type PairsInArena } from './merge-sites.js';
import { concatenatePairs, mirrorPairs, noPairs, type PairLists } from './pair-lists.js';
import * as reference from './reference.js';
import { rowIndex, type RowIndex } from './row-index.js';
import type { Sites } from './sites.js';

/**
 * Pairs of a convolution whose outputs are its inputs. Where the kernel is centred, only the offsets behind the centre
 * are looked up.
 */
export function matchNeighbours(sites: Sites, geometry: KernelGeometry): PairLists {
  const identity = zeroOffset(geometry);
  if (isCentred(geometry)) {
    return withMerge(
      sites,
      sites,
      geometry,
      (merge) => merge.behindCentre(),
      (pairs) => pairs.slice(identity + 1),
      mirrorPairs,
    );
  }
  const { left, right, segments } = matchSites(sites, sites, geometry);
  if (identity < 0) return { left, right, segments };
  return { left, right, segments: segments.map((segment, k) => (k === identity ? noPairs : segment)) };
}

/** Pairs of every offset between two sets of sites: `input = stride * output + offset`. */
export function matchSites(inputs: Sites, outputs: Sites, geometry: KernelGeometry): PairLists {
  return withMerge(
    inputs,
    outputs,
    geometry,
    (merge) => merge.allOffsets(),
    (pairs) => pairs,
    concatenatePairs,
  );
}

/** Merges in wasm where it can and keys fit, otherwise looks up site by site. */
function withMerge(
  inputs: Sites,
  outputs: Sites,
  geometry: KernelGeometry,
  merged: (merge: SiteMerge) => readonly PairsInArena[],
  lookedUp: (pairs: readonly reference.OffsetPairs[]) => readonly reference.OffsetPairs[],
  stored: (pairs: readonly reference.OffsetPairs[]) => PairLists,
): PairLists {
  const isEmpty = inputs.coordinates.length === 0 || outputs.coordinates.length === 0;
  const sides =
    isEmpty || !hasSimd() ? null : (keyedSides(inputs, outputs, geometry) ?? compactSides(inputs, outputs, geometry));
  if (!sides) return stored(lookedUp(reference.matchSites(inputs.coordinates, outputs.coordinates, geometry)));
  return withHostArena((arena) => {
    const [keys, queries] = indexSides(arena, sides);
    const pairs = merged(new SiteMerge(arena, sides.space, keys, queries, geometry));
    return stored(
      pairs.map(({ inputs, outputs, count }) => ({
        inputs: arena.int32(inputs, count),
        outputs: arena.int32(outputs, count),
      })),
    );
  });
}

/** Both sides of a search and a key space that holds every position of it. */
interface KeyedSides {
  readonly inputs: Sites;
  readonly outputs: Sites;
  /** Turn an output into the position that offset 0 asks for. */
  readonly strides: readonly number[];
  readonly space: KeySpace;
  /** Keys that the inputs came with, in `space`. */
  readonly inputKeys: SiteKeys | null;
}

/** Null when keys would need more than 62 bits. */
function keyedSides(inputs: Sites, outputs: Sites, geometry: KernelGeometry): KeyedSides | null {
  const box = boxOf(inputs.bounds, outputs.bounds, geometry);
  const { strides } = geometry;
  const { siteKeys } = inputs;
  if (siteKeys && holdsBounds(siteKeys.space, box)) {
    return { inputs, outputs, strides, space: siteKeys.space, inputKeys: siteKeys };
  }
  const space = keySpace(box);
  return space.bits <= maximumKeyBits ? { inputs, outputs, strides, space, inputKeys: null } : null;
}

function compactSides(inputs: Sites, outputs: Sites, geometry: KernelGeometry): KeyedSides | null {
  const moved = compactAxes(inputs, outputs, geometry);
  return keyedSides(moved.inputs, moved.outputs, { ...geometry, strides: geometry.strides.map(() => 1) });
}

function indexSides(
  arena: HostArena,
  { inputs, outputs, strides, space, inputKeys }: KeyedSides,
): [RowIndex, RowIndex] {
  const once = strides.map(() => 1);
  const keys = inputKeys ? indexKnownKeys(arena, inputKeys) : indexRows(arena, inputs, space, once);
  return [keys, outputs === inputs ? keys : indexRows(arena, outputs, space, strides)];
}

/** Holds every input site, every output times its stride, and every position that it may ask for. */
function boxOf(inputs: Bounds, outputs: Bounds, { kernelSize, strides, padding, dilation }: KernelGeometry): Bounds {
  const minimum = inputs.minimum.map((least, column) => {
    if (column === 0) return Math.min(least, outputs.minimum[0]);
    const axis = column - 1;
    return Math.min(least, strides[axis] * outputs.minimum[column] - Math.max(padding[axis], 0));
  });
  const maximum = inputs.maximum.map((greatest, column) => {
    if (column === 0) return Math.max(greatest, outputs.maximum[0]);
    const axis = column - 1;
    const reach = Math.max(dilation[axis] * (kernelSize[axis] - 1) - padding[axis], 0);
    return Math.max(greatest, strides[axis] * outputs.maximum[column] + reach);
  });
  return { minimum, maximum };
}

/** The keys that sites came with, in the arena, with their rows. */
function indexKnownKeys(arena: HostArena, { keys, space }: SiteKeys): RowIndex {
  const pointer = arena.alloc(keys.byteLength + 8);
  const copies = new BigUint64Array(arena.buffer, pointer, keys.length + 1);
  copies.set(keys);
  copies[keys.length] = sentinelKey;
  return rowIndex(arena, space, pointer, keys.length);
}

/** Keys of `strides * site` in the arena, with their rows. */
function indexRows(
  arena: HostArena,
  { coordinates, bounds }: Sites,
  space: KeySpace,
  strides: readonly number[],
): RowIndex {
  const columns = bounds.minimum.length;
  const count = coordinates.length / columns;
  const keys = arena.alloc((count + 1) * 8);
  const weights = writeKeyWeights(arena, space, { strides });
  indexKernels().keysOfRows(copyRows(arena, coordinates), count, columns * 4, weights, keys);
  return rowIndex(arena, space, keys, count);
}
