import { serializedPatches, type SerializedPatchesOptions } from '@tfjs-sparse/window-attention';
import * as field from '../../src/fields.js';
import type { PeerReader } from '../../src/peer-goldens.js';
import { defineTensorCases } from '../define-cases.js';
import * as patterns from '../sparse-conv/shared/site-patterns.js';
import { patchesOf } from './shared/exact-patches.js';
import { serializedPartitions } from './shared/serialized-partitions.js';
import { exactly, partitionOperation, partitionSource, refusal, type PartitionCase } from './shared/set-operation.js';

const patches = partitionOperation<SerializedPatchesOptions>(
  'serialized-patches',
  {
    order: field.oneOf('z', 'z-trans', 'hilbert', 'hilbert-trans'),
    patchSize: field.number,
    smallClouds: field.optional(field.oneOf('shortPatch', 'smallestCloud')),
    axes: field.optional(field.numbers),
    depth: field.optional(field.number),
  },
  serializedPatches,
  (sites, options) => ({ sets: patchesOf(sites, options) }),
);

type Case = PartitionCase & SerializedPatchesOptions;

export const operation = defineTensorCases<Case, SerializedPatchesOptions>(
  patches,
  ({ sites, seed, ...options }) => partitionSource({ sites, seed }, options),
  (control) => [
    control('z', { sites: patterns.scattered, order: 'z', patchSize: 7, seed: 5900 }),
    control.with('z-trans', { order: 'z-trans' }),
    control.with('hilbert', { order: 'hilbert' }),
    control.with('hilbert-trans', { order: 'hilbert-trans' }),
    control.with('hilbert-x-y-z-of-z-y-x', { order: 'hilbert', axes: [2, 1, 0] }),
    control.with('hilbert-of-depth-4', { order: 'hilbert', depth: 4 }),
    control.with('hilbert-of-depth-5', { order: 'hilbert', depth: 5 }),
    control.with('two-axes', { order: 'hilbert', axes: [2, 0] }),
    control.with('negative-coordinates', { sites: patterns.negative, order: 'hilbert' }),
    control.with('batch-border', { sites: patterns.batchBorder }),
    control.with('small-clouds-short', { sites: patterns.emptyCloud, patchSize: 13 }),
    control.with('small-clouds-smallest', { sites: patterns.emptyCloud, patchSize: 13, smallClouds: 'smallestCloud' }),
    control.with('patch-larger-than-all', { patchSize: 100 }),
    control.with('whole-patches', { patchSize: 8 }),
    control.with('patches-of-1', { patchSize: 1 }),
    control.with('one-site', { sites: patterns.oneSite }),
    control.with('no-sites', { sites: patterns.noSites, order: 'hilbert', smallClouds: 'smallestCloud' }),
    control.with('unsorted-input', { sites: patterns.shuffled }),
    control.with('both-ends-of-21-bits', { sites: patterns.largest, patchSize: 3 }),
    control.with('rank-1', { sites: { count: 20, extent: [30], batches: [0, 1] }, order: 'hilbert' }),
    control.with('rank-2', { sites: { count: 40, extent: [9, 11], batches: [0, 1] }, order: 'hilbert-trans' }),
    control.with('rank-4', { sites: { count: 40, extent: [4, 3, 5, 3], batches: [0, 1] }, order: 'hilbert' }),
  ],
);

const refuse = (name: string, options: Partial<SerializedPatchesOptions>, error: string) =>
  refusal(
    'serialized-patches',
    name,
    (map) => serializedPatches(map, { order: 'z', patchSize: 4, ...options }),
    `serializedPatches: ${error}`,
  );

export const calls = [
  refuse('another-order', { order: 'peano' as 'z' }, "order must be 'z', 'z-trans', 'hilbert' or 'hilbert-trans', got peano"),
  refuse('patch-of-0', { patchSize: 0 }, 'patchSize must be an integer from 1 to 268435456, got 0'),
  refuse('another-rule', { smallClouds: 'drop' as 'shortPatch' }, "smallClouds must be 'shortPatch' or 'smallestCloud', got drop"),
  refuse('axis-twice', { axes: [0, 0] }, 'axes must be one or more different integers from 0 to 2, got [0, 0]'),
  refuse('one-axis-to-exchange', { order: 'z-trans', axes: [1] }, "axes must be two or more for order 'z-trans', got [1]"),
  refuse('depth-that-is-too-small', { depth: 2 }, 'depth must be an integer from 3 (bits of the greatest coordinate) to 21, got 2'),
  refuse('depth-of-22-bits', { depth: 22 }, 'depth must be an integer from 3 (bits of the greatest coordinate) to 21, got 22'),
]; // prettier-ignore

/** The orders and patches of Point Transformer V3 and LitePT. */
export const peers: PeerReader = (file) => {
  const partitions = serializedPartitions(file);
  if (!partitions) return null;
  return partitions.map(({ coordinates, outputs, ...attrs }) => {
    return { operation: patches, attrs, inputs: { coordinates }, outputs, tolerance: exactly };
  });
};
