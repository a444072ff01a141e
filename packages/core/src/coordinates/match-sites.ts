import { hasSimd } from '../wasm/features.js';
import { withHostArena, type HostArena } from '../wasm/host-memory.js';
import { blockCellBits, blockIndex } from './block-index.js';
import { compactAxes } from './compact-axes.js';
import type { KernelGeometry } from './kernel-geometry.js';
import { isCentred, zeroOffset } from './kernel-offsets.js';
import { holdsBounds, keySpace, maximumKeyBits, type Bounds, type KeySpace, type SiteKeys } from './key-space.js';
import { lastTwoTaps } from './kernel-steps.js';
import { SiteMerge, type PairsInArena } from './merge-sites.js';
import { WindowMerge } from './merge-windows.js';
import { concatenatePairs, mirrorPairs, noPairs, type PairLists } from './pair-lists.js';
import * as reference from './reference.js';
import { rowIndex } from './row-index.js';
import { copyKeys, writeKeys } from './site-keys.js';
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
  merged: (merge: SiteMerge | WindowMerge) => readonly PairsInArena[],
  lookedUp: (pairs: readonly reference.OffsetPairs[]) => readonly reference.OffsetPairs[],
  stored: (pairs: readonly reference.OffsetPairs[]) => PairLists,
): PairLists {
  const isEmpty = inputs.count === 0 || outputs.count === 0;
  const sides =
    isEmpty || !hasSimd() ? null : (keyedSides(inputs, outputs, geometry) ?? compactSides(inputs, outputs, geometry));
  if (!sides) return stored(lookedUp(reference.matchSites(inputs.coordinates, outputs.coordinates, geometry)));
  return withHostArena((arena) => {
    const pairs = merged(mergeOf(arena, sides, geometry));
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

/** Where blocks serve, rows take a third longer (LiDAR frame at 0.1 m, kernel 3 x 3 x 3). */
function mergeOf(arena: HostArena, sides: KeyedSides, geometry: KernelGeometry): SiteMerge | WindowMerge {
  const { space } = sides;
  const cellBits = hasWindowsOfThree(geometry) ? blockCellBits(space) : null;
  if (cellBits === null) {
    const [inputs, queries] = indexSides(arena, sides, (keys, count) => rowIndex(arena, space, keys, count));
    return new SiteMerge(arena, space, inputs, queries, geometry);
  }
  const [inputs, queries] = indexSides(arena, sides, (keys, count) => blockIndex(arena, space, cellBits, keys, count));
  return new WindowMerge(arena, cellBits, inputs, queries, space, geometry);
}

/** Indices of the keys of the inputs, and of those of the outputs times their stride. */
function indexSides<I>(
  arena: HostArena,
  { inputs, outputs, strides, space, inputKeys }: KeyedSides,
  index: (keys: number, count: number) => I,
): [I, I] {
  const once = strides.map(() => 1);
  const ofInputs = index(inputKeys ? copyKeys(arena, inputKeys) : writeKeys(arena, inputs, space, once), inputs.count);
  if (outputs === inputs) return [ofInputs, ofInputs];
  return [ofInputs, index(writeKeys(arena, outputs, space, strides), outputs.count)];
}

/** A box with three neighbouring taps on the last axis. */
function hasWindowsOfThree(geometry: KernelGeometry): boolean {
  const [, { count, dilation }] = lastTwoTaps(geometry);
  return !geometry.taps && count === 3 && dilation === 1;
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
