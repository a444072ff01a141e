import { dsvtSets, type DsvtSetsOptions } from '@tfjs-sparse/window-attention';
import * as field from '../../src/fields.js';
import type { PeerCase, PeerReader } from '../../src/peer-goldens.js';
import { defineTensorCases } from '../define-cases.js';
import * as patterns from '../sparse-conv/shared/site-patterns.js';
import { dsvtPartitions } from './shared/dsvt-partitions.js';
import { exactDsvtSets } from './shared/exact-dsvt-sets.js';
import { sourceOf } from './shared/peer-tables.js';
import { exactly, partitionOperation, partitionSource, refusal, type PartitionCase } from './shared/set-operation.js';

const sets = partitionOperation<DsvtSetsOptions>(
  'dsvt-sets',
  {
    windowSize: field.numbers,
    shift: field.optional(field.numbers),
    setSize: field.number,
    axes: field.optional(field.numbers),
    padding: field.optional(field.oneOf('none', 'repeats')),
  },
  dsvtSets,
  exactDsvtSets,
);

type Case = PartitionCase & DsvtSetsOptions;

export const operation = defineTensorCases<Case, DsvtSetsOptions>(
  sets,
  ({ sites, seed, ...options }) => partitionSource({ sites, seed }, options),
  (control) => [
    control('sets-of-4', { sites: patterns.scattered, windowSize: [3, 3, 5], setSize: 4, seed: 5700 }),
    control.with('repeats', { padding: 'repeats' }),
    control.with('y-sets-with-repeats', { axes: [1, 0, 2], padding: 'repeats' }),
    control.with('one-axis', { axes: [2], padding: 'repeats' }),
    control.with('shift', { shift: [1, 0, 2], padding: 'repeats' }),
    control.with('negative-coordinates', { sites: patterns.negative, padding: 'repeats' }),
    control.with('batch-border', { sites: patterns.batchBorder, padding: 'repeats' }),
    control.with('empty-cloud-between', { sites: patterns.emptyCloud, padding: 'repeats' }),
    control.with('set-larger-than-clouds', { setSize: 50, padding: 'repeats' }),
    control.with('sets-of-1', { setSize: 1, padding: 'repeats' }),
    control.with('set-of-the-window', {
      sites: patterns.fullGrid,
      windowSize: [3, 3, 4],
      setSize: 36,
      padding: 'repeats',
    }),
    control.with('one-site', { sites: patterns.oneSite, padding: 'repeats' }),
    control.with('no-sites', { sites: patterns.noSites, padding: 'repeats' }),
    control.with('unsorted-input', { sites: patterns.shuffled, padding: 'repeats' }),
    control.with('both-ends-of-21-bits', { sites: patterns.largest, padding: 'repeats' }),
    control.with('rank-1', { sites: { count: 20, extent: [30], batches: [0, 1] }, windowSize: [13] }),
    control.with('rank-4', { sites: { count: 40, extent: [4, 3, 5, 3], batches: [0, 1] }, windowSize: [4, 3, 2, 3] }),
  ],
);

const refuse = (name: string, options: Partial<DsvtSetsOptions>, error: string) =>
  refusal(
    'dsvt-sets',
    name,
    (map) => dsvtSets(map, { windowSize: [2, 2, 2], setSize: 4, ...options }),
    `dsvtSets: ${error}`,
  );

export const calls = [
  refuse('window-of-0', { windowSize: [0, 2, 2] }, 'windowSize must have 3 integers from 1 to 2097152 (one per axis), got [0, 2, 2]'),
  refuse('set-of-0', { setSize: 0 }, 'setSize must be an integer from 1 to 268435456, got 0'),
  refuse('half-a-site', { setSize: 2.5 }, 'setSize must be an integer from 1 to 268435456, got 2.5'),
  refuse('an-axis-twice', { axes: [1, 1] }, 'axes must be one or more different integers from 0 to 2, got [1, 1]'),
  refuse('another-padding', { padding: 'zeros' as 'none' }, "padding must be 'none' or 'repeats', got zeros"),
  refuse('too-many-slots', { setSize: 2 ** 28, windowSize: [1, 1, 1], padding: 'repeats' }, 'the sets must have at most 268435456 slots in all, got 536870912'),
]; // prettier-ignore

/** DSVT's sets of every stage, window and axis, with its repeats and without; maps of ours have axes x, y, z, as its keys. */
export const peers: PeerReader = (file, name) => {
  if (sourceOf(file) !== 'Haiyang-W/DSVT' || !name.startsWith('partition_')) return null;
  return dsvtPartitions(file).flatMap(({ coordinates, filled, distinct, ...options }): PeerCase[] => {
    const of = { operation: sets, inputs: { coordinates }, tolerance: exactly };
    return [
      { ...of, attrs: { ...options, padding: 'repeats' }, outputs: filled },
      { ...of, attrs: options, outputs: distinct },
    ];
  });
};
