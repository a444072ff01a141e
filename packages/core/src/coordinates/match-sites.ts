import { hasSimd } from '../wasm/features.js';
import { withHostArena, type HostArena } from '../wasm/host-memory.js';
import { copyRows } from './group-rows.js';
import { indexKernels, type IndexKernels } from './index-kernels.js';
import { kernelOffsets, offsetCount, zeroOffset, type KernelGeometry } from './kernel-geometry.js';
import { keySpace, keyStep, maximumKeyBits, writeKeyWeights, type Bounds, type KeySpace } from './key-space.js';
import { concatenatePairs, mirrorPairs, noPairs, type PairLists } from './pair-lists.js';
import * as reference from './reference.js';
import { mergeRow, mergeRows, type SortedKeys } from './merge-rows.js';

/** Sorted sites and the least and greatest value of every column. */
export interface Sites {
  /** Int32 `[sites, 1 + rank]`. */
  readonly coordinates: Int32Array;
  readonly bounds: Bounds;
}

/**
 * Pairs of a convolution whose outputs are its inputs. Where the kernel is centred, only the offsets behind the centre
 * are looked up.
 */
export function matchNeighbours(sites: Sites, geometry: KernelGeometry): PairLists {
  const identity = zeroOffset(geometry);
  if (isCentred(geometry)) {
    return withMergeKeys(
      sites,
      sites,
      geometry,
      (merge) => mirrorPairs(behindCentre(merge, geometry)),
      (pairs) => mirrorPairs(pairs.slice(identity + 1)),
    );
  }
  const { left, right, segments } = matchSites(sites, sites, geometry);
  if (identity < 0) return { left, right, segments };
  return { left, right, segments: segments.map((segment, k) => (k === identity ? noPairs : segment)) };
}

/** Pairs of every offset between two sets of sites: `input = stride * output + offset`. */
export function matchSites(inputs: Sites, outputs: Sites, geometry: KernelGeometry): PairLists {
  return withMergeKeys(
    inputs,
    outputs,
    geometry,
    (merge) => concatenatePairs(allOffsets(merge, geometry)),
    concatenatePairs,
  );
}

/** Offsets come in opposite pairs around one that is zero. */
function isCentred({ kernelSize, padding, dilation }: KernelGeometry): boolean {
  return kernelSize.every((size, axis) => size % 2 === 1 && 2 * padding[axis] === dilation[axis] * (size - 1));
}

/** Everything a merge needs: the sorted keys of both sides, in one key space. */
interface Merge {
  readonly kernels: IndexKernels;
  readonly arena: HostArena;
  readonly space: KeySpace;
  readonly keys: SortedKeys;
  readonly queries: SortedKeys;
}

/** Merges in wasm where it can and the keys fit, otherwise looks up site by site. */
function withMergeKeys(
  inputs: Sites,
  outputs: Sites,
  geometry: KernelGeometry,
  merged: (merge: Merge) => PairLists,
  lookedUp: (pairs: readonly reference.OffsetPairs[]) => PairLists,
): PairLists {
  const space = keySpace(boxOf(inputs.bounds, outputs.bounds, geometry));
  const isEmpty = inputs.coordinates.length === 0 || outputs.coordinates.length === 0;
  if (isEmpty || !hasSimd() || space.bits > maximumKeyBits) {
    return lookedUp(reference.matchSites(inputs.coordinates, outputs.coordinates, geometry));
  }
  return withHostArena((arena) => {
    const kernels = indexKernels();
    const keys = keysOf(kernels, arena, inputs, space);
    const queries = outputs === inputs ? keys : keysOf(kernels, arena, outputs, space, geometry.strides);
    return merged({ kernels, arena, space, keys, queries });
  });
}

/** Holds every input site and every position that an output site may ask for. */
function boxOf(inputs: Bounds, outputs: Bounds, { kernelSize, strides, padding, dilation }: KernelGeometry): Bounds {
  const minimum = inputs.minimum.map((least, column) => {
    if (column === 0) return Math.min(least, outputs.minimum[0]);
    const axis = column - 1;
    return Math.min(least, strides[axis] * outputs.minimum[column] - padding[axis]);
  });
  const maximum = inputs.maximum.map((greatest, column) => {
    if (column === 0) return Math.max(greatest, outputs.maximum[0]);
    const axis = column - 1;
    const reach = dilation[axis] * (kernelSize[axis] - 1) - padding[axis];
    return Math.max(greatest, strides[axis] * outputs.maximum[column] + reach);
  });
  return { minimum, maximum };
}

function keysOf(
  kernels: IndexKernels,
  arena: HostArena,
  { coordinates, bounds }: Sites,
  space: KeySpace,
  strides?: readonly number[],
): SortedKeys {
  const columns = bounds.minimum.length;
  const count = coordinates.length / columns;
  const rows = copyRows(arena, coordinates);
  const pointer = arena.alloc((count + 1) * 8);
  kernels.keysOfRows(rows, count, columns * 4, writeKeyWeights(arena, space, strides), pointer);
  return { pointer, count };
}

/** Pairs of all offsets: one row after the other. */
function allOffsets(
  { kernels, arena, space, keys, queries }: Merge,
  geometry: KernelGeometry,
): reference.OffsetPairs[] {
  const { taps, dilation, firstSteps } = rowsOf(geometry, space);
  return mergeRows(kernels, arena, keys, queries, firstSteps, { taps, dilation });
}

/** Pairs of the offsets behind the centre: the rest of its own row, then whole rows. */
function behindCentre(
  { kernels, arena, space, keys, queries }: Merge,
  geometry: KernelGeometry,
): reference.OffsetPairs[] {
  const { taps, dilation, firstSteps } = rowsOf(geometry, space);
  const centreRow = (firstSteps.length - 1) / 2;
  const rest = { taps: (taps - 1) / 2, dilation };
  const inCentreRow = rest.taps === 0 ? [] : mergeRow(kernels, arena, keys, queries, BigInt(dilation), rest);
  const behindRow = mergeRows(kernels, arena, keys, queries, firstSteps.slice(centreRow + 1), { taps, dilation });
  return [...inCentreRow, ...behindRow];
}

/** Offsets by row: those that differ only on the last axis. */
function rowsOf(
  geometry: KernelGeometry,
  space: KeySpace,
): { taps: number; dilation: number; firstSteps: readonly bigint[] } {
  const rank = geometry.kernelSize.length;
  const taps = geometry.kernelSize[rank - 1];
  const offsets = kernelOffsets(geometry);
  const firstSteps = Array.from({ length: offsetCount(geometry) / taps }, (_, row) => {
    const first = row * taps * rank;
    return keyStep(space, offsets.subarray(first, first + rank));
  });
  return { taps, dilation: geometry.dilation[rank - 1], firstSteps };
}
