import { globalPool } from '@tfjs-sparse/sparse-conv';
import type { CaseSource } from '../../oracle/case-source.js';
import { reduceRows, reduceRowsGradient } from '../../oracle/reduction.js';
import type { Tolerance } from '../../src/golden-file.js';
import type { CallCase } from '../../src/run-call.js';
import { defineCases, defineLayer, type CaseLayer } from '../define-cases.js';
import { featuresSource, type FeaturesCase } from './shared/features-case.js';
import * as patterns from './shared/site-patterns.js';
import { threeSites } from './shared/three-sites.js';

interface GlobalPoolCase extends FeaturesCase {
  readonly mode: (typeof modes)[number];
}

const modes = ['avg', 'max', 'sum'] as const;
const tolerance: Tolerance = { output: 1e-5, gradient: 1e-6, reason: 'float32 sums of at most 1300 features below 1' };

export const operation = defineCases(
  'global-pool',
  globalPoolSource,
  (control) => [
    control('avg', { mode: 'avg', sites: patterns.batchBorder, channels: 3, seed: 500, tolerance }),
    control.with('max', { mode: 'max' }),
    control.with('sum', { mode: 'sum' }),
    control.with('max-ties', { mode: 'max', step: 0.5 }),
    control.with('max-all-negative', { mode: 'max', shift: -5 }), // a floor at 0 would show
    ...modes.flatMap((mode) => [
      control.with(`${mode}-no-sites`, { mode, sites: patterns.noSites, batchSize: 2 }),
      control.with(`${mode}-one-site`, { mode, sites: patterns.oneSite }),
      control.with(`${mode}-empty-cloud-between`, { mode, sites: patterns.emptyCloud }),
      control.with(`${mode}-empty-clouds-after`, { mode, batchSize: 5 }),
      control.with(`${mode}-nan-feature`, { mode, nanAt: [[3, 1]] }),
    ]),
    control.with('avg-sites-1300', { sites: { count: 1300, extent: [2000], batches: [0, 1, 2] }, channels: 1 }),
    control.with('max-sites-1025', {
      mode: 'max',
      sites: { count: 1025, extent: [900], batches: [0, 1, 2] },
      channels: 1,
    }),
    control.with('avg-unsorted-input', { sites: patterns.shuffled }),
    control.with('avg-rank-1', { sites: { count: 20, extent: [30], batches: [0, 1] } }),
    control.with('max-rank-4', { mode: 'max', sites: { count: 40, extent: [3, 3, 3, 3], batches: [0, 1] } }),
    ...[1, 3, 7, 9, 17, 33].flatMap((channels) => [
      control.with(`avg-channels-${channels}`, { channels }),
      control.with(`max-channels-${channels}`, { mode: 'max', channels }),
    ]),
  ],
  modes.map(layerOf),
);

function globalPoolSource(id: string, parameters: GlobalPoolCase): CaseSource {
  const { mode, nanAt } = parameters;
  const layers = [{ name: 'pool', op: `g${mode}`, in: ['in'] }];
  const source = { ...featuresSource(id, parameters), layers };
  return mode === 'max' && nanAt ? { ...source, cotangentSeed: undefined } : source; // no maximum, no gradient to define
}

/** Every cloud's sites reduced to one row. */
function layerOf(mode: GlobalPoolCase['mode']): CaseLayer {
  const reduction = mode === 'avg' ? 'mean' : mode;
  return defineLayer({
    op: `g${mode}`,
    fields: {},
    forward: ({ x }) => ({ kind: 'clouds', rows: globalPool(x, reduction) }),
    define({ sites, values, channels, batchSize }) {
      const [rank] = sites.map((site) => site.length - 1);
      const cloud = (batch: number) => [batch, ...Array<number>(rank ?? 3).fill(0)];
      return {
        sites: Array.from({ length: batchSize }, (_, batch) => cloud(batch)),
        values: reduceRows(
          values,
          sites.map(([batch]) => batch),
          batchSize,
          channels,
          reduction,
        ),
      };
    },
    gradient: (dy, { sites, values }) =>
      reduceRowsGradient(
        dy,
        values,
        sites.map(([batch]) => batch),
        reduction,
      ),
  });
}

/** Calls that must be refused, word for word alike on every backend; arguments are made within the call. */
export const calls: readonly CallCase[] = [
  {
    id: 'global-pool/unknown-mode',
    call: () => globalPool(threeSites(), 'min' as 'max'),
    error: "RangeError: globalPool: reduction must be 'sum', 'mean' or 'max', got min",
  },
];
