import { relu, slice } from '@tensorflow/tfjs-core';
import { sparseAveragePool, sparseMaxPool, sparseSumPool } from '@tfjs-sparse/sparse-conv';
import { geometryOf } from '../../oracle/convolution-layers.js';
import { offsetsOf } from '../../oracle/convolution.js';
import type { LayerSurroundings, SiteRows } from '../../oracle/layer-oracle.js';
import { sortedSites } from '../../oracle/sites.js';
import type { LayerBase } from '../../src/layer-definition.js';
import { onSites } from '../../src/layer-value.js';
import { defineCases, defineLayer, type CaseLayer } from '../define-cases.js';
import { poolFields, poolSource, windowsOf, type PoolCase, type PoolFields, type PoolOp } from './shared/pool-case.js';
import { poolOptions } from './shared/pool-options.js';
import * as patterns from './shared/site-patterns.js';

const tolerance = { output: 1e-6, gradient: 1e-6, reason: 'float32 sums of at most 27 features below 1' };
const poolOps: readonly PoolOp[] = ['max', 'avg', 'avgvol', 'sum'];

const listedOffsets = [
  [1, -1, 0],
  [0, 0, 0],
  [0, 2, 3],
];

export const operation = defineCases(
  'sparse-pool',
  poolSource,
  (control) => [
    control('max', { op: 'max', sites: patterns.scattered, channels: 3, poolSize: [2, 2, 2], seed: 1200, tolerance }),
    ...poolOps.flatMap((op) => [
      ...(op === 'max' ? [] : [control.with(op, { op })]),
      control.with(`${op}-k3s2p1`, { op, poolSize: [3, 3, 3], strides: [2, 2, 2], padding: [1, 1, 1] }),
      control.with(`${op}-no-sites`, { op, sites: patterns.noSites, batchSize: 2 }),
      control.with(`${op}-one-site`, { op, sites: patterns.oneSite }),
      control.with(`${op}-batch-border`, { op, sites: patterns.batchBorder }),
      control.with(`${op}-nan-feature`, { op, nanAt: [[11, 1]], poolSize: [3, 3, 3], strides: [2, 2, 2] }),
      control.with(`${op}-floor`, { op, outputRule: 'floor', poolSize: [3, 3, 3], strides: [2, 2, 2] }),
      control.with(`${op}-floor-empty-windows`, { op, outputRule: 'floor', poolSize: [2, 2, 2], strides: [3, 3, 3] }),
      ...(op === 'max' ? [1, 4, 7] : [1, 4]).map((channels) =>
        control.with(`${op}-channels-${channels}`, { op, channels }),
      ),
    ]),
    control.with('max-full-grid', { sites: patterns.fullGrid, poolSize: [3, 3, 3], strides: [1, 1, 1] }),
    control.with('avg-full-grid', { op: 'avg', sites: patterns.fullGrid, poolSize: [3, 3, 3], strides: [1, 1, 1] }),
    control.with('max-ties', { step: 0.5, channels: 5, poolSize: [3, 3, 3], strides: [2, 2, 2], padding: [1, 1, 1] }),
    control.with('max-all-equal', { step: 10, poolSize: [3, 3, 3], strides: [1, 1, 1], channels: 4 }),
    control.with('max-all-negative', { shift: -5 }), // a floor at 0 would show
    control.with('max0', { op: 'max0', shift: -0.25 }),
    control.with('max-covering-from-minimum', {
      outputRule: 'coveringFromMinimum',
      poolSize: [3, 3, 3],
      strides: [2, 2, 2],
    }),
    control.with('max-spatial-shape', { spatialShape: [4, 4, 5], strides: [1, 1, 1] }),
    control.with('max-dilated', { poolSize: [2, 3, 2], strides: [1, 2, 2], dilation: [2, 1, 2], padding: [2, 0, 1] }),
    control.with('max-pool-132-strides-121', { poolSize: [1, 3, 2], strides: [1, 2, 1] }),
    control.with('max-empty-cloud-between', { sites: patterns.emptyCloud }),
    control.with('max-negative-coordinates', { sites: patterns.negative, outputRule: 'floor' }),
    control.with('max-unsorted-input', { sites: patterns.shuffled }),
    control.with('max-rank-1', { sites: { count: 20, extent: [30] }, poolSize: [3], strides: [2] }),
    control.with('avg-rank-2', { op: 'avg', sites: { count: 40, extent: [9, 9] }, poolSize: [2, 2] }),
    control.with('sum-rank-4', { op: 'sum', sites: { count: 30, extent: [3, 3, 3, 3] }, poolSize: [2, 2, 2, 2] }),
    ...(['max', 'avgvol'] as const).flatMap((op) => [
      control.with(`${op}-cross`, {
        op,
        poolSize: [3, 3, 3],
        kernelShape: 'cross',
        strides: [2, 2, 2],
        padding: [1, 1, 1],
      }),
      control.with(`${op}-listed-offsets`, { op, poolSize: undefined, strides: [1, 2, 1], taps: listedOffsets }),
    ]),
    ...(['max', 'avg', 'sum'] as const).flatMap((op) => [
      control.with(`${op}-same-sites`, { op, isSame: true, poolSize: [3, 3, 3], strides: [1, 1, 1] }),
    ]),
    control.with('max-same-sites-dilated', {
      isSame: true,
      poolSize: [3, 1, 3],
      strides: [1, 1, 1],
      dilation: [2, 1, 1],
    }),
    control.with('max0-without-2-channels', { op: 'max0', channels: 5, drop: 2 }),
    control.with('avgvol-without-1-channel', { op: 'avgvol', drop: 1 }),
    control.with('max-sites-1300', {
      sites: { count: 1300, extent: [2000] },
      channels: 1,
      poolSize: [3],
      strides: [2],
    }),
  ],
  [...poolOps, 'max0' as const].map(layerOf),
);

function layerOf(op: PoolCase['op']): CaseLayer {
  return defineLayer<PoolFields>({
    op,
    fields: poolFields,
    tensors: ['offsets'],
    forward({ x: given, layer, golden, rank }) {
      const x = layer.drop ? given.withFeatures(slice(given.features, [0, layer.drop])) : given;
      const options = poolOptions(layer, golden, rank);
      if (op === 'sum') return onSites(sparseSumPool(x, options));
      if (op === 'avg' || op === 'avgvol') {
        const divisor = op === 'avg' ? 'sites' : 'volume';
        return onSites(sparseAveragePool(x, { ...options, divisor }));
      }
      const y = sparseMaxPool(x, options);
      return onSites(op === 'max' ? y : y.withFeatures(relu(y.features)));
    },
    define(x, layer, surroundings) {
      const { sites, windows } = windowsOf(layer, x, surroundings);
      const volume = offsetsOf(geometryOf(layer)).length;
      const columns = Array.from(
        { length: x.channels - (layer.drop ?? 0) },
        (_, channel) => channel + (layer.drop ?? 0),
      );
      const values = windows.map((rows) =>
        columns.map((channel) =>
          reduce(
            op,
            rows.map((row) => x.values[row][channel]),
            volume,
          ),
        ),
      );
      return { sites, values };
    },
    gradient: op === 'max' || op === 'max0' ? greatestGradient : undefined,
  });
}

/** Every output's gradient goes to the first greatest row of its window, if that is above the floor. */
function greatestGradient(
  dy: readonly (readonly number[])[],
  x: SiteRows,
  layer: LayerBase & PoolFields,
  surroundings: LayerSurroundings,
): number[][] {
  const gradient = x.values.map((row) => row.map(() => 0));
  windowsOf(layer, x, surroundings).windows.forEach((rows, output) => {
    const window = sortedSites(rows.map((row) => x.sites[row])).map((site) => x.sites.indexOf(site));
    dy[output].forEach((value, column) => {
      const channel = column + (layer.drop ?? 0);
      const values = window.map((row) => x.values[row][channel]);
      const greatest = Math.max(...values);
      if (window.length === 0 || (layer.op === 'max0' && greatest <= 0)) return;
      gradient[window[values.indexOf(greatest)]][channel] += value;
    });
  });
  return gradient;
}

function reduce(op: PoolOp, values: readonly number[], volume: number): number {
  const sum = values.reduce((total, value) => total + value, 0);
  if (op === 'sum') return sum;
  if (op === 'avgvol') return sum / volume;
  if (values.length === 0) return 0;
  if (op === 'avg') return sum / values.length;
  if (values.some(Number.isNaN)) return NaN;
  return Math.max(...values, ...(op === 'max0' ? [0] : []));
}
