import { windows, type WindowOptions } from '@tfjs-sparse/window-attention';
import * as field from '../../src/fields.js';
import { defineTensorCases } from '../define-cases.js';
import * as patterns from '../sparse-conv/shared/site-patterns.js';
import {
  partitionOperation,
  partitionSource,
  refusal,
  runsOf,
  sortedByKey,
  type PartitionCase,
} from './shared/set-operation.js';
import { windowOf } from './shared/window-of.js';

export const windowFields: field.Fields<WindowOptions> = {
  windowSize: field.numbers,
  shift: field.optional(field.numbers),
};

const windowSets = partitionOperation<WindowOptions>('windows', windowFields, windows, (sites, options) => {
  const ordered = sortedByKey(sites, (site) => windowOf(site, options));
  return { sets: runsOf(ordered, (site) => windowOf(site, options).join()) };
});

export const operation = defineTensorCases<PartitionCase & WindowOptions, WindowOptions>(
  windowSets,
  ({ windowSize, shift, ...of }) => partitionSource(of, { windowSize, ...(shift && { shift }) }),
  (control) => [
    control('2x2x3', { sites: patterns.scattered, windowSize: [2, 2, 3], seed: 5600 }),
    control.with('batch-border', { sites: patterns.batchBorder }),
    control.with('empty-cloud-between', { sites: patterns.emptyCloud }),
    control.with('negative-coordinates', { sites: patterns.negative }),
    control.with('shift', { shift: [1, 0, 2] }),
    control.with('negative-shift', { shift: [-1, 3, -5] }),
    control.with('one-window', { sites: patterns.fullGrid, windowSize: [100, 100, 100] }),
    control.with('one-site-per-window', { windowSize: [1, 1, 1] }),
    control.with('one-site', { sites: patterns.oneSite }),
    control.with('no-sites', { sites: patterns.noSites }),
    control.with('unsorted-input', { sites: patterns.shuffled }),
    control.with('both-ends-of-21-bits', { sites: patterns.largest }),
    control.with('rank-1', { sites: { count: 20, extent: [30], batches: [0, 1] }, windowSize: [4] }),
    control.with('rank-4', { sites: { count: 40, extent: [4, 3, 5, 3], batches: [0, 1] }, windowSize: [2, 3, 2, 1] }),
  ],
);

export const calls = [
  refusal('windows', 'size-of-two-axes', (map) => windows(map, { windowSize: [2, 2] }), 'windows: windowSize must have 3 integers from 1 to 2097152 (one per axis), got [2, 2]'),
  refusal('windows', 'size-0', (map) => windows(map, { windowSize: [2, 0, 2] }), 'windows: windowSize must have 3 integers from 1 to 2097152 (one per axis), got [2, 0, 2]'),
  refusal('windows', 'fractional-shift', (map) => windows(map, { windowSize: [2, 2, 2], shift: [0, 0.5, 0] }), 'windows: shift must have 3 integers from -1048576 to 1048576 (one per axis), got [0, 0.5, 0]'),
]; // prettier-ignore
