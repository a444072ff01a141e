import { hasSimd } from '../wasm/features.js';
import { withHostArena, type HostArena } from '../wasm/host-memory.js';
import { boundsIn, copyRows, fitsSort, indexBitsFor, rowSpillBytes } from './group-rows.js';
import { indexKernels } from './index-kernels.js';
import { hasDisjointWindows, offsetCount, type KernelGeometry } from './kernel-geometry.js';
import { columnWeight, maximumRank, noBounds, roomyKeySpace, writeKeyFields, type KeySpace } from './key-space.js';
import type { OutputGrid } from './output-grid.js';
import { concatenatePairs, type PairLists } from './pair-lists.js';
import * as reference from './reference.js';
import type { Sites } from './sites.js';
import { sortKeys } from './sort-keys.js';

/** Output sites of a strided convolution and its pairs. */
export interface Covering {
  readonly sites: Sites;
  readonly pairs: PairLists;
}

/**
 * Every site of the grid whose window holds an input site. Each (input site, tap) names at most one output site: the
 * sorted candidates give the sites and are themselves the pairs, so nothing is looked up.
 */
export function coverSites(inputs: Sites, geometry: KernelGeometry, grid: OutputGrid): Covering {
  const isEmpty = grid.least.some((first, axis) => first > grid.greatest[axis]);
  if (isEmpty || inputs.coordinates.length === 0) return nothing(geometry);
  const { minimum, maximum } = inputs.bounds;
  const columns = minimum.length;
  const space = roomyKeySpace({ minimum: [minimum[0], ...grid.least], maximum: [maximum[0], ...grid.greatest] });
  const options = geometry.kernelSize.map((_, axis) => tapOptions(geometry, axis));
  const most = options.reduce((product, ofAxis) => product * ofAxis.most, inputs.coordinates.length / columns);
  if (!hasSimd() || !fitsSort(space, most)) return coverPlainly(inputs, geometry, grid);
  return withHostArena((arena) => coverIn(arena, inputs, geometry, grid, space, options, most));
}

function coverPlainly({ coordinates }: Sites, geometry: KernelGeometry, { least, greatest }: OutputGrid): Covering {
  const covering = reference.coveringSites(coordinates, geometry, least, greatest);
  if (covering.length === 0) return nothing(geometry);
  return {
    sites: { coordinates: covering, bounds: reference.boundsOf(covering, 1 + least.length), siteKeys: null },
    pairs: concatenatePairs(reference.matchSites(coordinates, covering, geometry)),
  };
}

function nothing(geometry: KernelGeometry): Covering {
  const none = { inputs: new Int32Array(0), outputs: new Int32Array(0) };
  const rank = geometry.kernelSize.length;
  return {
    sites: { coordinates: new Int32Array(0), bounds: noBounds(rank), siteKeys: null },
    pairs: concatenatePairs(new Array(offsetCount(geometry)).fill(none)),
  };
}

function coverIn(
  arena: HostArena,
  inputs: Sites,
  geometry: KernelGeometry,
  grid: OutputGrid,
  space: KeySpace,
  options: readonly TapOptions[],
  most: number,
): Covering {
  const kernels = indexKernels();
  const columns = inputs.bounds.minimum.length;
  const indexBits = indexBitsFor(most);
  const keys = arena.alloc((most + 1) * 8); // branchless kernels write one entry behind the last
  const inputSites = arena.alloc((most + 1) * 4);
  const taps = arena.alloc((most + 1) * 4);
  const rows = copyRows(arena, inputs.coordinates);
  const candidates = hasDisjointWindows(geometry) ? kernels.disjointCandidates : kernels.coveringCandidates;
  const count = candidates(
    rows,
    inputs.coordinates.length / columns,
    columns * 4,
    writeAxes(arena, geometry, grid, space, options),
    -space.bounds.minimum.reduce((sum, least, column) => sum + BigInt(least) * columnWeight(space, column), 0n),
    columnWeight(space, 0),
    indexBits,
    keys,
    inputSites,
    taps,
  );
  if (count === 0) return nothing(geometry);

  const sorted = sortKeys(kernels, arena, keys, count, indexBits, space.bits);
  const siteKeys = arena.alloc(count * 8);
  const outputSites = arena.alloc(count * 4);
  const starts = arena.alloc((count + 1) * 4);
  const order = arena.alloc(count * 4);
  const siteCount = kernels.groupSorted(sorted, count, indexBits, siteKeys, outputSites, starts, order);
  const coordinates = arena.alloc(siteCount * columns * 4 + rowSpillBytes);
  kernels.rowsOfKeys(siteKeys, siteCount, writeKeyFields(arena, space), coordinates, columns * 4);

  const tapCount = offsetCount(geometry);
  const ends = arena.alloc(tapCount * 4);
  const left = arena.alloc(count * 4);
  const right = arena.alloc(count * 4);
  kernels.listByTap(inputSites, outputSites, taps, count, tapCount, ends, left, right);
  const segmentEnds = [...arena.int32(ends, tapCount)];
  return {
    sites: {
      coordinates: arena.int32(coordinates, siteCount * columns).slice(),
      bounds: boundsIn(kernels, arena, coordinates, siteCount, columns),
      siteKeys: { keys: new BigUint64Array(arena.buffer, siteKeys, siteCount).slice(), space },
    },
    pairs: {
      left: arena.int32(left, count).slice(),
      right: arena.int32(right, count).slice(),
      segments: segmentEnds.map((end, k) => {
        const start = k === 0 ? 0 : segmentEnds[k - 1];
        return { start, count: end - start, swapped: false };
      }),
    },
  };
}

/** The taps that can serve an input coordinate, by the residue of its padded position. */
interface TapOptions {
  /** [residue][option]: the output is floor(position / stride) - shift. */
  readonly ofResidue: readonly (readonly { shift: number; tap: number }[])[];
  /** Largest number of options of a residue. */
  readonly most: number;
}

function tapOptions({ kernelSize, strides, dilation }: KernelGeometry, axis: number): TapOptions {
  const stride = strides[axis];
  const ofResidue = Array.from({ length: stride }, (): { shift: number; tap: number }[] => []);
  for (let tap = 0; tap < kernelSize[axis]; tap++) {
    const distance = dilation[axis] * tap;
    const residue = distance % stride;
    ofResidue[residue].push({ shift: (distance - residue) / stride, tap });
  }
  return { ofResidue, most: ofResidue.reduce((most, { length }) => Math.max(most, length), 0) };
}

/** Writes the axis records that windows.as.ts reads; axes that the rank lacks have one tap and add nothing to a key. */
function writeAxes(
  arena: HostArena,
  geometry: KernelGeometry,
  grid: OutputGrid,
  space: KeySpace,
  options: readonly TapOptions[],
): number {
  const axisWords = 12;
  const axes = arena.alloc(maximumRank * axisWords * 4);
  const rank = geometry.kernelSize.length;
  let tapWeight = offsetCount(geometry);
  for (let axis = 0; axis < maximumRank; axis++) {
    const isAbsent = axis >= rank;
    const stride = isAbsent ? 1 : geometry.strides[axis];
    const ofAxis = isAbsent ? { ofResidue: [[{ shift: 0, tap: 0 }]], most: 1 } : options[axis];
    tapWeight /= isAbsent ? 1 : geometry.kernelSize[axis];
    const record = axes + axis * axisWords * 4;
    const pointer = writeTapOptions(arena, ofAxis, tapWeight);
    new BigInt64Array(arena.buffer, record, 1)[0] = isAbsent ? 0n : columnWeight(space, axis + 1);
    arena
      .int32(record + 8, axisWords - 2)
      .set([
        isAbsent ? 0 : (1 + axis) * 4,
        isAbsent ? 0 : geometry.padding[axis],
        stride,
        Number.isInteger(Math.log2(stride)) ? Math.log2(stride) : -1,
        isAbsent ? -(2 ** 31) : grid.least[axis],
        isAbsent ? 2 ** 31 - 1 : grid.greatest[axis],
        pointer,
        (1 + 2 * ofAxis.most) * 4,
        tapWeight,
        0,
      ]);
  }
  return axes;
}

function writeTapOptions(arena: HostArena, { ofResidue, most }: TapOptions, tapWeight: number): number {
  const words = 1 + 2 * most;
  const pointer = arena.alloc(ofResidue.length * words * 4);
  const table = arena.int32(pointer, ofResidue.length * words);
  ofResidue.forEach((options, residue) => {
    table[residue * words] = options.length;
    options.forEach(({ shift, tap }, option) => {
      table[residue * words + 1 + 2 * option] = shift;
      table[residue * words + 2 + 2 * option] = tap * tapWeight;
    });
  });
  return pointer;
}
