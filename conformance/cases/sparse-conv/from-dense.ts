import { ones, zeros, type Tensor } from '@tensorflow/tfjs-core';
import { fromDense, fromDenseNonzero } from '@tfjs-sparse/sparse-conv';
import type { CaseSource } from '../../oracle/case-source.js';
import { drawSites, type SitePattern } from '../../oracle/draw-sites.js';
import { fromDenseLayer } from '../../oracle/grid-layers.js';
import { drawRows, uniformFrom } from '../../oracle/random.js';
import * as field from '../../src/fields.js';
import type { Tolerance } from '../../src/golden-file.js';
import { siteOptions } from '../../src/golden-forward.js';
import { integersOf } from '../../src/golden-tensors.js';
import { onSites } from '../../src/layer-value.js';
import type { CallCase } from '../../src/run-call.js';
import { defineCases, defineLayer } from '../define-cases.js';
import * as patterns from './shared/site-patterns.js';
import { threeSites } from './shared/three-sites.js';
import { exact } from './to-dense.js';

interface FromDenseCase {
  /** given: features of the sites; nonzero: the sites are those that have a feature. */
  readonly mode: 'given' | 'nonzero';
  readonly sites: SitePattern;
  readonly batchSize: number;
  readonly spatialShape: readonly number[];
  readonly channels: number;
  readonly seed: number;
  readonly tolerance: Tolerance;
}

const layer = defineLayer({
  op: 'from_dense',
  fields: { mode: field.oneOf('given', 'nonzero') },
  forward({ leaf, golden, rank, makeSites }) {
    const coordinates = integersOf(golden, 'in_coords');
    const options = siteOptions({ golden, rank });
    const { map } = makeSites(zeros([coordinates.length / (1 + rank), 1]), coordinates, options);
    return onSites(fromDense(leaf('dense') as Tensor, map));
  },
  readBack({ layer: { mode }, leaf }) {
    return mode === 'nonzero' ? fromDenseNonzero(leaf('dense') as Tensor).then(onSites) : null;
  },
  evaluate: fromDenseLayer,
});

export const operation = defineCases(
  'from-dense',
  fromDenseSource,
  (control) => [
    control('given', {
      mode: 'given',
      sites: patterns.scattered,
      batchSize: 1,
      spatialShape: [4, 4, 5],
      channels: 3,
      seed: 800,
      tolerance: exact,
    }),
    control.with('nonzero', { mode: 'nonzero' }),
    ...(['given', 'nonzero'] as const).flatMap((mode) => [
      control.with(`${mode}-no-sites`, { mode, sites: patterns.noSites, spatialShape: [2, 3, 2] }),
      control.with(`${mode}-full-grid`, { mode, sites: patterns.fullGrid, spatialShape: [3, 3, 4] }),
      control.with(`${mode}-batch-border`, {
        mode,
        sites: patterns.batchBorder,
        batchSize: 2,
        spatialShape: [2, 3, 3],
      }),
      control.with(`${mode}-empty-cloud-between`, {
        mode,
        sites: patterns.emptyCloud,
        batchSize: 3,
        spatialShape: [3, 3, 4],
      }),
      control.with(`${mode}-rank-1`, { mode, sites: { count: 20, extent: [30] }, spatialShape: [30] }),
      control.with(`${mode}-rank-2`, { mode, sites: { count: 30, extent: [9, 9] }, spatialShape: [9, 9] }),
      control.with(`${mode}-rank-4`, { mode, sites: { count: 30, extent: [3, 3, 3, 3] }, spatialShape: [3, 3, 3, 3] }),
      ...[1, 7, 17].map((channels) =>
        control.with(`${mode}-channels-${channels}`, {
          mode,
          channels,
          sites: { count: 12, extent: [5, 5] },
          spatialShape: [5, 5],
        }),
      ),
    ]),
  ],
  [layer],
);

/** The grid has features at the sites and zeros elsewhere; with `given`, features at other cells too, to be left out. */
function fromDenseSource(
  id: string,
  { mode, sites, batchSize, spatialShape, channels, seed, tolerance }: FromDenseCase,
): CaseSource {
  const coordinates = drawSites(sites, seed);
  const isSite = new Set(coordinates.map((site) => site.join()));
  const cells = drawSites({ box: spatialShape, batches: Array.from({ length: batchSize }, (_, batch) => batch) }, seed);
  const features = drawRows(uniformFrom(seed + 1), cells.length, channels);
  const cellCount = cells.length / batchSize;
  const values = new Array<number>(cells.length * channels).fill(0);
  cells.forEach((cell, index) => {
    if (mode === 'nonzero' && !isSite.has(cell.join())) return;
    const position = Math.floor(index / cellCount) * channels * cellCount + (index % cellCount);
    features[index].forEach((value, channel) => (values[position + channel * cellCount] = value));
  });
  return {
    id,
    layers: [{ name: 'sparse', op: 'from_dense', in: ['in'], mode }],
    tolerance,
    coordinates,
    rank: spatialShape.length,
    batchSize,
    dense: { shape: [batchSize, channels, ...spatialShape], values },
    channels,
    cotangentSeed: mode === 'given' ? seed + 2 : undefined,
  };
}

/** Calls that must be refused, word for word alike on every backend; arguments are made within the call. */
export const calls: readonly CallCase[] = [
  {
    id: 'from-dense/too-few-clouds',
    call: () => fromDense(ones([2, 2, 1, 2, 1]), threeSites().map),
    error:
      'RangeError: fromDense: dense must have 1 clouds, 3 spatial axes and channels (as the map), got [2, 2, 1, 2, 1]',
  },
  {
    id: 'from-dense/site-outside',
    call: () => fromDense(ones([1, 1, 1, 2, 1]), threeSites().map),
    error: 'RangeError: fromDense: sites must lie inside [1, 1, 2] cells from [0, 0, 0], got [1, 0, 0]',
  },
  {
    id: 'from-dense/int32',
    call: () => fromDense(ones([1, 2, 1, 2, 1], 'int32'), threeSites().map),
    error: 'TypeError: fromDense: dense must be float32, got int32',
  },
  {
    id: 'from-dense/nonzero-of-rank-2',
    call: () => fromDenseNonzero(ones([2, 2])),
    error: 'RangeError: fromDenseNonzero: dense must have clouds, 1 to 4 spatial axes and channels, got [2, 2]',
  },
];
