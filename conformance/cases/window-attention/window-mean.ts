import * as tf from '@tensorflow/tfjs-core';
import { sparseTensor } from '@tfjs-sparse/core';
import { windowMean, type WindowOptions } from '@tfjs-sparse/window-attention';
import { reduceRows, reduceRowsGradient } from '../../oracle/reduction.js';
import { rowsBySite, sortedSites, type Site } from '../../oracle/sites.js';
import * as field from '../../src/fields.js';
import { onSites } from '../../src/layer-value.js';
import type { CallCase } from '../../src/run-call.js';
import { defineCases, defineLayer } from '../define-cases.js';
import { featuresSource, type FeaturesCase } from '../sparse-conv/shared/features-case.js';
import * as patterns from '../sparse-conv/shared/site-patterns.js';

interface WindowFields {
  readonly window_size: readonly number[];
  readonly shift?: readonly number[];
}

/** `shift` moves the windows, not the features. */
type WindowMeanCase = Omit<FeaturesCase, 'shift'> & WindowOptions;

const tolerance = { output: 1e-6, gradient: 1e-6, reason: 'float32 means of at most 36 features below 1' };

const layer = defineLayer<WindowFields>({
  op: 'window_mean',
  fields: { window_size: field.numbers, shift: field.optional(field.numbers) },
  forward: ({ x, layer: { window_size: windowSize, shift } }) => onSites(windowMean(x, { windowSize, shift })),
  define({ sites, values, channels }, fields) {
    const { windows, windowOf } = partition(sites, fields);
    return { sites: windows, values: reduceRows(values, windowOf, windows.length, channels, 'mean') };
  },
  gradient: (dy, { sites, values }, fields) =>
    reduceRowsGradient(dy, values, partition(sites, fields).windowOf, 'mean'),
});

/** The windows in the order of sites, and the number of each site's. */
function partition(sites: readonly Site[], { window_size: size, shift = size.map(() => 0) }: WindowFields) {
  const places = sites.map(([batch, ...cell]) => [
    batch,
    ...cell.map((coordinate, axis) => Math.floor((coordinate + shift[axis]) / size[axis])),
  ]);
  const windows = sortedSites(places);
  const rowOf = rowsBySite(windows);
  return { windows, windowOf: places.map((place) => rowOf.get(place.join())!) };
}

export const operation = defineCases(
  'window-mean',
  (id, parameters: WindowMeanCase) => {
    const { windowSize, shift } = parameters;
    const layers = [{ name: 'mean', op: layer.op, in: ['in'], window_size: windowSize, ...(shift && { shift }) }];
    return { ...featuresSource(id, { ...parameters, shift: undefined }), layers };
  },
  (control) => [
    control('2x2x3', { windowSize: [2, 2, 3], sites: patterns.scattered, channels: 5, seed: 4500, tolerance }),
    control.with('batch-border', { sites: patterns.batchBorder }),
    control.with('empty-cloud-between', { sites: patterns.emptyCloud }),
    control.with('negative-coordinates', { sites: patterns.negative }),
    control.with('shift', { shift: [1, 0, 2] }),
    control.with('negative-shift', { shift: [-1, 3, -5] }),
    control.with('one-window', { sites: patterns.fullGrid, windowSize: [100, 100, 100] }),
    control.with('one-site-per-window', { windowSize: [1, 1, 1] }),
    control.with('one-site', { sites: patterns.oneSite }),
    control.with('no-sites', { sites: patterns.noSites, batchSize: 2 }),
    control.with('unsorted-input', { sites: patterns.shuffled }),
    control.with('both-ends-of-21-bits', { sites: patterns.largest }),
    control.with('nan-stays-in-its-window-and-channel', { nanAt: [[3, 1]] }),
    control.with('channels-16', { channels: 16 }),
    control.with('one-channel', { channels: 1 }),
    control.with('rank-1', { sites: { count: 20, extent: [30], batches: [0, 1] }, windowSize: [4] }),
    control.with('rank-4', { sites: { count: 40, extent: [4, 3, 5, 3], batches: [0, 1] }, windowSize: [2, 3, 2, 1] }),
  ],
  [layer],
);

const refusal = (name: string, options: WindowOptions, error: string): CallCase => ({
  id: `window-mean/${name}`,
  call: () => windowMean(sparseTensor(tf.ones([1, 2]), [[0, 1, 2, 3]]), options),
  error,
});

export const calls: readonly CallCase[] = [
  refusal(
    'size-of-two-axes',
    { windowSize: [2, 2] },
    'RangeError: windowMean: windowSize must have 3 integers from 1 to 2097152 (one per axis), got [2, 2]',
  ),
  refusal(
    'size-0',
    { windowSize: [2, 0, 2] },
    'RangeError: windowMean: windowSize must have 3 integers from 1 to 2097152 (one per axis), got [2, 0, 2]',
  ),
  refusal(
    'fractional-shift',
    { windowSize: [2, 2, 2], shift: [0, 0.5, 0] },
    'RangeError: windowMean: shift must have 3 integers from -1048576 to 1048576 (one per axis), got [0, 0.5, 0]',
  ),
];
