import { flatFormerGroups, type FlatFormerGroupsOptions } from '@tfjs-sparse/window-attention';
import * as field from '../../src/fields.js';
import type { PeerReader } from '../../src/peer-goldens.js';
import { defineTensorCases } from '../define-cases.js';
import * as patterns from '../sparse-conv/shared/site-patterns.js';
import { exactGroups } from './shared/exact-groups.js';
import { flatFormerPartitions } from './shared/flat-former-partitions.js';
import { sourceOf } from './shared/peer-tables.js';
import { exactly, partitionOperation, partitionSource, refusal, type PartitionCase } from './shared/set-operation.js';

const groups = partitionOperation<FlatFormerGroupsOptions>(
  'flat-former-groups',
  {
    windowSize: field.numbers,
    shift: field.optional(field.numbers),
    groupSize: field.number,
    axes: field.optional(field.numbers),
  },
  flatFormerGroups,
  (sites, options) => ({ sets: exactGroups(sites, options) }),
);

type Case = PartitionCase & FlatFormerGroupsOptions;

export const operation = defineTensorCases<Case, FlatFormerGroupsOptions>(
  groups,
  ({ sites, seed, ...options }) => partitionSource({ sites, seed }, options),
  (control) => [
    control('groups-of-5', { sites: patterns.scattered, windowSize: [2, 2, 3], groupSize: 5, seed: 5800 }),
    control.with('x-before-y', { axes: [0, 2, 1] }),
    control.with('two-axes', { axes: [2, 1] }),
    control.with('shift', { shift: [1, 1, 2] }),
    control.with('negative-coordinates', { sites: patterns.negative }),
    control.with('batch-border', { sites: patterns.batchBorder }),
    control.with('empty-cloud-between', { sites: patterns.emptyCloud }),
    control.with('clouds-smaller-than-a-group', { sites: patterns.emptyCloud, groupSize: 17 }),
    control.with('group-larger-than-all', { groupSize: 100 }),
    control.with('whole-groups', { groupSize: 8 }),
    control.with('groups-of-1', { groupSize: 1 }),
    control.with('one-site', { sites: patterns.oneSite }),
    control.with('no-sites', { sites: patterns.noSites }),
    control.with('unsorted-input', { sites: patterns.shuffled }),
    control.with('both-ends-of-21-bits', { sites: patterns.largest, groupSize: 3 }),
    control.with('rank-1', { sites: { count: 20, extent: [30], batches: [0, 1] }, windowSize: [4] }),
    control.with('rank-2', { sites: { count: 40, extent: [9, 11], batches: [0, 1] }, windowSize: [4, 3] }),
    control.with('rank-4', { sites: { count: 40, extent: [4, 3, 5, 3], batches: [0, 1] }, windowSize: [2, 3, 2, 1] }),
  ],
);

const refuse = (name: string, options: Partial<FlatFormerGroupsOptions>, error: string) =>
  refusal(
    'flat-former-groups',
    name,
    (map) => flatFormerGroups(map, { windowSize: [2, 2, 2], groupSize: 4, ...options }),
    `flatFormerGroups: ${error}`,
  );

export const calls = [
  refuse('window-of-0', { windowSize: [0, 2, 2] }, 'windowSize must have 3 integers from 1 to 2097152 (one per axis), got [0, 2, 2]'),
  refuse('group-of-0', { groupSize: 0 }, 'groupSize must be an integer from 1 to 268435456, got 0'),
  refuse('axis-behind-the-last', { axes: [3] }, 'axes must be one or more different integers from 0 to 2, got [3]'),
]; // prettier-ignore

/** FlatFormer's groups of all four orders; flat-former-partitions.ts says where ours are others. */
export const peers: PeerReader = (file) => {
  if (sourceOf(file) !== 'mit-han-lab/flatformer') return null;
  return flatFormerPartitions(file).map(({ coordinates, outputs, ...attrs }) => {
    return { operation: groups, attrs, inputs: { coordinates }, outputs, tolerance: exactly };
  });
};
