import { sparseAdd, sparseConcatenate, sparseMultiply } from '@tfjs-sparse/sparse-conv';
import type { CaseSource } from '../../oracle/case-source.js';
import { drawSites } from '../../oracle/draw-sites.js';
import { drawRows, uniformFrom } from '../../oracle/random.js';
import { rowsBySite, sortedSites } from '../../oracle/sites.js';
import * as field from '../../src/fields.js';
import { onSites, sitesOf } from '../../src/layer-value.js';
import { defineCases, defineLayer, type CaseLayer } from '../define-cases.js';
import { featuresSource, type FeaturesCase } from './shared/features-case.js';
import * as patterns from './shared/site-patterns.js';

const words = { add: 'union', multiply: 'union_multiply', concatenate: 'union_concatenate' } as const;

interface UnionCase extends FeaturesCase {
  readonly op: 'union' | 'union_multiply' | 'union_concatenate';
  /** Sites of the operands behind the first. */
  readonly others: readonly FeaturesCase['sites'][];
  /** Channels of each of those; default as the first. */
  readonly otherChannels?: number;
}

const tolerance = { output: 1e-6, gradient: 1e-6, reason: 'one float32 sum or product' };
const shifted = { count: 24, extent: [4, 4, 5], origin: [1, 1, -1] };

export const operation = defineCases(
  'sparse-union',
  unionSource,
  (control) => [
    control('add', { op: 'union', sites: patterns.scattered, others: [shifted], channels: 3, seed: 1400, tolerance }),
    control.with('multiply', { op: 'union_multiply' }),
    control.with('concatenate', { op: 'union_concatenate' }),
    control.with('concatenate-other-channels', { op: 'union_concatenate', otherChannels: 2 }),
    ...Object.entries(words).flatMap(([name, op]) => [
      control.with(`${name}-three-operands`, { op, others: [shifted, patterns.fullGrid] }),
      control.with(`${name}-second-without-sites`, { op, others: [patterns.noSites] }),
      control.with(`${name}-first-without-sites`, { op, sites: patterns.noSites }),
      control.with(`${name}-same-sites`, { op, sites: patterns.fullGrid, others: [patterns.fullGrid] }),
      control.with(`${name}-subset`, { op, sites: { box: [4, 4, 5] }, others: [patterns.scattered] }),
      control.with(`${name}-superset`, { op, others: [{ box: [4, 4, 5] }] }),
    ]),
    control.with('batch-border', { sites: patterns.batchBorder, others: [{ box: [3, 2, 2], batches: [1, 2] }] }),
    control.with('empty-cloud-between', { sites: patterns.emptyCloud, others: [{ box: [2, 2, 2], batches: [2] }] }),
    control.with('unsorted-input', { sites: patterns.shuffled, others: [patterns.shuffled] }),
    control.with('largest-coordinates', { sites: patterns.largest, others: [patterns.oneSite] }),
    control.with('nan-feature', { nanAt: [[4, 1]] }),
    control.with('channels-1', { channels: 1 }),
    control.with('rank-1', { sites: { count: 20, extent: [30] }, others: [{ count: 20, extent: [30], origin: [9] }] }),
  ],
  [
    layerOf('union', sparseAdd, (rows) => rows.reduce((a, b) => a.map((value, i) => value + b[i]))),
    layerOf('union_multiply', sparseMultiply, (rows) => rows.reduce((a, b) => a.map((value, i) => value * b[i]))),
    layerOf('union_concatenate', sparseConcatenate, (rows) => rows.flat()),
  ],
);

function unionSource(id: string, parameters: UnionCase): CaseSource {
  const { op, others, otherChannels, channels, seed, nanAt } = parameters;
  const source = featuresSource(id, parameters);
  const operands = others.map((sites, i) => {
    const coordinates = drawSites(sites, seed + 10 * (i + 1));
    return {
      coordinates,
      features: drawRows(uniformFrom(seed + 11 + 10 * i), coordinates.length, otherChannels ?? channels),
    };
  });
  const inputs = ['in', ...operands.map((_, i) => `in${i + 2}`)];
  const layers = [{ name: 'union', op, in: inputs, output_set: 'union' }];
  const cotangentSeed = nanAt ? undefined : source.cotangentSeed; // finite differences of NaN say nothing
  return { ...source, operands, layers, cotangentSeed };
}

/** @param join  rows of the operands at one site, zeros where one has no site */
function layerOf(
  op: UnionCase['op'],
  unite: typeof sparseAdd,
  join: (rows: readonly number[][]) => number[],
): CaseLayer {
  return defineLayer({
    op,
    fields: { output_set: field.oneOf('union') },
    inputs: 'any',
    forward: ({ layer, valueOf }) => onSites(unite(...layer.in.map((name) => sitesOf(name, valueOf(name))))),
    define(_x, _layer, { inputs }) {
      const sites = sortedSites(inputs.flatMap((input) => input.sites));
      const rowOf = inputs.map((input) => rowsBySite(input.sites));
      const values = sites.map((site) =>
        join(
          inputs.map((input, i) => {
            const row = rowOf[i].get(site.join());
            return row === undefined ? Array<number>(input.channels).fill(0) : input.values[row];
          }),
        ),
      );
      return { sites, values };
    },
  });
}
