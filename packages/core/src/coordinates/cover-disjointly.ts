import { withHostArena, type HostArena } from '../wasm/host-memory.js';
import type { Covering } from './cover-sites.js';
import { sortableIndexBits } from './group-keys.js';
import { indexKernels } from './index-kernels.js';
import { hasDisjointWindows, type KernelGeometry } from './kernel-geometry.js';
import { offsetCount } from './kernel-offsets.js';
import { maximumKeyBits, roomyKeySpace, type Bounds, type KeySpace } from './key-space.js';
import type { OutputGrid } from './output-grid.js';
import { copyKeys, writeKeys } from './site-keys.js';
import { sitesOfKeys, type Sites } from './sites.js';
import { sortKeys } from './sort-keys.js';

const axisLimit = 3; // of the kernel
const tapLimit = 65536; // u16

/**
 * Outputs of disjoint windows whose sizes are powers of two, as in most networks: floor(site / stride) and the tap are
 * bit fields of the key of a site, and no candidate is dropped. Takes half the time of the general way (bench pyramid).
 * Null where that does not apply.
 */
export function coverDisjointly(inputs: Sites, geometry: KernelGeometry, grid: OutputGrid): Covering | null {
  const { strides } = geometry;
  const isPowerOfTwo = (stride: number): boolean => (stride & (stride - 1)) === 0;
  if (strides.length > axisLimit || !hasDisjointWindows(geometry) || !strides.every(isPowerOfTwo)) return null;
  const tapCount = offsetCount(geometry);
  const bounds = outputBounds(inputs.bounds, strides);
  const space = inputs.siteKeys?.space ?? roomyKeySpace(inputs.bounds);
  const outputSpace = roomyKeySpace(bounds);
  const indexBits = sortableIndexBits(outputSpace.bits, inputs.count);
  if (space.bits > maximumKeyBits || indexBits === null || tapCount > tapLimit || isCut(bounds, grid)) return null;
  const fields = outputFields(inputs.bounds, space, outputSpace, strides);
  if (!fields) return null;
  return withHostArena((arena) => {
    const once = strides.map(() => 1);
    const keys = inputs.siteKeys ? copyKeys(arena, inputs.siteKeys) : writeKeys(arena, inputs, space, once);
    return cover(arena, keys, inputs.count, { fields, tapCount, indexBits, outputSpace, bounds });
  });
}

function outputBounds({ minimum, maximum }: Bounds, strides: readonly number[]): Bounds {
  const floor = (value: number, column: number): number =>
    column === 0 ? value : Math.floor(value / strides[column - 1]);
  return { minimum: minimum.map(floor), maximum: maximum.map(floor) };
}

/** True when the grid leaves outputs out. */
function isCut({ minimum, maximum }: Bounds, { least, greatest }: OutputGrid): boolean {
  return least.some((first, axis) => first > minimum[axis + 1] || greatest[axis] < maximum[axis + 1]);
}

/**
 * The record that `listOutputs` reads, but for the bits of an index; null when the fields of the sites have no room for
 * the grid of the outputs.
 */
function outputFields(
  { maximum }: Bounds,
  space: KeySpace,
  outputSpace: KeySpace,
  strides: readonly number[],
): BigInt64Array | null {
  const fields = new BigInt64Array(16);
  let lowBits = strides.reduce((sum, stride) => sum + Math.log2(stride), 0);
  for (const [column, stride] of [1, ...strides].entries()) {
    const from = space.shifts[column];
    const origin = stride * outputSpace.bounds.minimum[column];
    const toOutput = from + Math.log2(stride) - outputSpace.shifts[column];
    lowBits -= Math.log2(stride);
    const toTap = from - lowBits;
    if (maximum[column] - origin > space.masks[column] || toOutput < 0 || toTap < 0) return null;
    fields[0] += BigInt(space.bounds.minimum[column] - origin) << BigInt(from);
    const high = BigInt(space.masks[column] - (space.masks[column] & (stride - 1)));
    fields.set([high << BigInt(from), BigInt(toOutput)], 2 + 2 * column);
    if (column > 0) fields.set([BigInt(stride - 1) << BigInt(from), BigInt(toTap)], 8 + 2 * column);
  }
  return fields;
}

interface Outputs {
  readonly fields: BigInt64Array;
  readonly tapCount: number;
  readonly indexBits: number;
  readonly outputSpace: KeySpace;
  readonly bounds: Bounds;
}

function cover(
  arena: HostArena,
  keys: number,
  siteCount: number,
  { fields, tapCount, indexBits, outputSpace, bounds }: Outputs,
): Covering {
  const kernels = indexKernels();
  const record = arena.alloc(fields.byteLength);
  const taps = arena.alloc(siteCount * 2);
  const counts = arena.alloc(tapCount * 4);
  const unsorted = arena.alloc(siteCount * 8);
  fields[1] = BigInt(indexBits);
  new BigInt64Array(arena.buffer, record, fields.length).set(fields);
  kernels.listOutputs(keys, siteCount, record, unsorted, taps, tapCount, counts);
  const sorted = sortKeys(arena, unsorted, siteCount, indexBits, outputSpace.bits);
  const outputs = arena.alloc(siteCount * 4);
  const outputCount = kernels.numberSorted(sorted, siteCount, indexBits, keys, outputs);
  const outputKeys = new BigUint64Array(arena.buffer, keys, outputCount).slice();

  let start = 0;
  const segments = [...arena.int32(counts, tapCount)].map((count) => {
    const segment = { start, count, swapped: false };
    start += count;
    return segment;
  });
  arena.int32(counts, tapCount).set(segments.map((segment) => segment.start));
  const left = arena.alloc(siteCount * 4);
  const right = arena.alloc(siteCount * 4);
  kernels.pairByTap(taps, siteCount, outputs, counts, left, right);
  return {
    sites: sitesOfKeys({ keys: outputKeys, space: outputSpace }, bounds),
    pairs: {
      left: arena.int32(left, siteCount).slice(),
      right: arena.int32(right, siteCount).slice(),
      segments,
    },
  };
}
