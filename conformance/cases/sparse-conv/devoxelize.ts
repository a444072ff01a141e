import { devoxelize, pointWeights } from '@tfjs-sparse/sparse-conv';
import type { CaseSource } from '../../oracle/case-source.js';
import { floats } from '../../oracle/golden-tensors.js';
import { rowsBySite } from '../../oracle/sites.js';
import * as field from '../../src/fields.js';
import { defineCases, defineLayer, type CaseLayer } from '../define-cases.js';
import { featuresSource } from './shared/features-case.js';
import { corners, drawPoints, near, queryOf, rowsOf, type PointsCase } from './shared/points-case.js';
import * as patterns from './shared/site-patterns.js';

interface DevoxelizeCase extends PointsCase {
  readonly op: 'interp' | 'nearest';
  readonly normalize?: boolean;
}

interface DevoxelizeFields {
  readonly normalize?: boolean;
  /** Added to the sum of the weights that is divided by; float32 does not see it. */
  readonly normeps?: number;
}

const tolerance = { output: 1e-6, gradient: 1e-6, reason: 'float32 sums of 16 products' };

export const operation = defineCases(
  'devoxelize',
  devoxelizeSource,
  (control) => [
    control('linear', {
      op: 'interp',
      sites: patterns.scattered,
      points: 20,
      ...near,
      channels: 3,
      seed: 1600,
      tolerance,
    }),
    control.with('linear-normalized', { normalize: true }),
    control.with('nearest', { op: 'nearest' }),
    ...(['interp', 'nearest'] as const).flatMap((op) => [
      control.with(`${op}-no-sites`, { op, sites: patterns.noSites, normalize: true }),
      control.with(`${op}-no-points`, { op, points: 0 }),
      control.with(`${op}-one-site`, { op, sites: patterns.oneSite }),
      control.with(`${op}-two-clouds`, { op, sites: patterns.batchBorder }),
      control.with(`${op}-on-cell-corners`, { op, pointStep: 1, nanAt: [[3, 1]] }), // weights of 0 read nothing
      control.with(`${op}-negative-coordinates`, { op, sites: patterns.negative, low: [-4, -8, -5], high: [2, -2, 2] }),
      control.with(`${op}-unsorted-input`, { op, sites: patterns.shuffled }),
    ]),
    control.with('rank-1', { sites: { count: 20, extent: [30] }, low: [0], high: [30] }),
    control.with('rank-2', { sites: { count: 40, extent: [9, 9] }, low: [0, 0], high: [9, 9] }),
    control.with('rank-4', { sites: { count: 30, extent: [3, 3, 3, 3] }, low: [0, 0, 0, 0], high: [3, 3, 3, 3] }),
    ...[1, 4, 9].map((channels) => control.with(`channels-${channels}`, { channels })),
  ],
  [layerOf('interp'), layerOf('nearest')],
);

function devoxelizeSource(id: string, parameters: DevoxelizeCase): CaseSource {
  const { op, normalize, nanAt } = parameters;
  const source = featuresSource(id, parameters);
  const tensors = { query: floats(drawPoints(parameters, source.coordinates), 1 + source.rank) };
  const cotangentSeed = nanAt ? undefined : source.cotangentSeed; // finite differences of NaN say nothing
  return { ...source, tensors, cotangentSeed, layers: [{ name: 'points', op, in: ['in'], normalize }] };
}

function layerOf(op: DevoxelizeCase['op']): CaseLayer {
  return defineLayer<DevoxelizeFields>({
    op,
    fields: { normalize: field.optional(field.flag), normeps: field.optional(field.oneOf(1e-8)) },
    tensors: ['query'],
    forward({ x, layer: { normalize }, golden }) {
      const mode = op === 'interp' ? 'linear' : 'nearest';
      const { points, batchIndices } = queryOf(golden);
      return { kind: 'points', rows: devoxelize(x, pointWeights(x.map, points, { mode, normalize, batchIndices })) };
    },
    define({ sites, values, channels }, { normalize }, { tensors }) {
      const rowOf = rowsBySite(sites);
      const points = rowsOf(tensors.query.values as Float32Array, tensors.query.shape[1]);
      const rows = points.map((point) => {
        const [batch, ...position] = point;
        const around = op === 'interp' ? corners(point) : [{ cell: [batch, ...position.map(Math.floor)], weight: 1 }];
        const found = around.filter(({ cell }) => rowOf.has(cell.join()));
        const sum = normalize ? found.reduce((total, { weight }) => total + weight, 0) : 1;
        return Array.from({ length: channels }, (_, channel) =>
          found.reduce(
            (total, { cell, weight }) => total + (weight / sum) * values[rowOf.get(cell.join())!][channel],
            0,
          ),
        );
      });
      return { sites: points.map((point) => point.map(Math.floor)), values: rows };
    },
  });
}
