import { toDense } from '@tfjs-sparse/sparse-conv';
import type { CaseSource } from '../../oracle/case-source.js';
import { denseLayer } from '../../oracle/grid-layers.js';
import * as field from '../../src/fields.js';
import type { Tolerance } from '../../src/golden-file.js';
import { requiredTensor } from '../../src/golden-tensors.js';
import type { CallCase } from '../../src/run-call.js';
import { defineCases, defineLayer } from '../define-cases.js';
import { featuresSource, type FeaturesCase } from './shared/features-case.js';
import * as patterns from './shared/site-patterns.js';
import { threeSites } from './shared/three-sites.js';

interface ToDenseCase extends FeaturesCase {
  readonly gridShape: readonly number[];
  /** The cell at index 0; default 0. */
  readonly origin?: readonly number[];
}

export const exact: Tolerance = { output: 0, gradient: 0, reason: 'values are copied, not computed' };

const layer = defineLayer({
  op: 'dense',
  fields: { min: field.optional(field.numbers) },
  forward({ x, layer: { min }, golden }) {
    const [, , ...spatialShape] = requiredTensor(golden, 'out_features').shape;
    return { kind: 'grid', dense: toDense(x, { spatialShape, origin: min ?? spatialShape.map(() => 0) }) };
  },
  evaluate: denseLayer,
});

export const operation = defineCases(
  'to-dense',
  toDenseSource,
  (control) => [
    control('3d', { sites: patterns.scattered, channels: 2, gridShape: [4, 4, 5], seed: 700, tolerance: exact }),
    control.with('no-sites', { sites: patterns.noSites, batchSize: 1, gridShape: [2, 3, 2] }),
    control.with('one-site', { sites: patterns.oneSite, gridShape: [3, 4, 2] }),
    control.with('full-grid', { sites: patterns.fullGrid, gridShape: [3, 3, 4] }),
    control.with('batch-border', { sites: patterns.batchBorder, gridShape: [2, 3, 3] }),
    control.with('empty-cloud-between', { sites: patterns.emptyCloud, gridShape: [3, 3, 4] }),
    control.with('empty-clouds-after', { batchSize: 2 }),
    control.with('negative-coordinates', { sites: patterns.negative, origin: [-3, -7, -4] }),
    control.with('origin-below-the-sites', { origin: [-1, -2, 0], gridShape: [6, 7, 5] }),
    control.with('unsorted-input', { sites: patterns.shuffled }),
    control.with('rank-1', { sites: { count: 20, extent: [30] }, gridShape: [30] }),
    control.with('rank-2', { sites: { count: 40, extent: [9, 10] }, gridShape: [9, 10] }),
    control.with('rank-4', { sites: { count: 30, extent: [3, 3, 3, 3] }, gridShape: [3, 3, 3, 3] }),
    control.with('nan-feature', { nanAt: [[4, 1]] }),
    ...[1, 7, 9, 17, 33].map((channels) =>
      control.with(`channels-${channels}`, { channels, sites: { count: 6, extent: [3, 4] }, gridShape: [3, 4] }),
    ),
    control.with('cells-1300', { sites: { count: 300, extent: [26, 50] }, channels: 1, gridShape: [26, 50] }),
  ],
  [layer],
);

function toDenseSource(id: string, parameters: ToDenseCase): CaseSource {
  const layer = { name: 'dense', op: 'dense', in: ['in'], min: parameters.origin };
  return { ...featuresSource(id, parameters), layers: [layer], gridShape: parameters.gridShape };
}

/** Calls that must be refused, word for word alike on every backend; arguments are made within the call. */
export const calls: readonly CallCase[] = [
  {
    id: 'to-dense/site-outside',
    call: () => toDense(threeSites(), { spatialShape: [1, 1, 2], origin: [0, 0, 0] }),
    error: 'RangeError: toDense: sites must lie inside [1, 1, 2] cells from [0, 0, 0], got [1, 0, 0]',
  },
  {
    id: 'to-dense/too-large',
    call: () => toDense(threeSites(), { spatialShape: [1024, 1024, 1024], origin: [0, 0, 0] }),
    error:
      'RangeError: toDense: a dense tensor [1, 1024, 1024, 1024, 2] must have at most 2147483648 bytes, got 8589934592',
  },
];
