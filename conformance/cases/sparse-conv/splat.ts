import { splat } from '@tfjs-sparse/sparse-conv';
import type { CaseSource } from '../../oracle/case-source.js';
import { floats } from '../../oracle/golden-tensors.js';
import { sortedSites } from '../../oracle/sites.js';
import { onSites } from '../../src/layer-value.js';
import { defineCases, defineLayer } from '../define-cases.js';
import { featuresSource } from './shared/features-case.js';
import { corners, drawPoints, near, queryOf, rowsOf, type PointsCase } from './shared/points-case.js';
import * as patterns from './shared/site-patterns.js';

const tolerance = { output: 1e-6, gradient: 1e-6, reason: 'float32 sums of 16 products' };

const layer = defineLayer({
  op: 'splat',
  fields: {},
  tensors: ['query'],
  forward({ x, golden, rank }) {
    const { points, batchIndices } = queryOf(golden);
    return onSites(splat(points, x.features, { batchIndices, origin: Array<number>(rank).fill(0) }));
  },
  define({ values, channels }, _layer, { tensors }) {
    const around = rowsOf(tensors.query.values as Float32Array, tensors.query.shape[1]).map(corners);
    const sites = sortedSites(around.flat().map(({ cell }) => cell));
    const rows = sites.map((site) =>
      Array.from({ length: channels }, (_, channel) => {
        const shares = around.map((list) => list.find(({ cell }) => cell.join() === site.join())?.weight ?? 0);
        return shares.reduce((sum, weight, point) => sum + weight * values[point][channel], 0);
      }),
    );
    return { sites, values: rows };
  },
});

export const operation = defineCases(
  'splat',
  splatSource,
  (control) => [
    control('3d', { sites: patterns.scattered, points: 20, ...near, channels: 3, seed: 1700, tolerance }),
    control.with('one-point', { points: 1 }),
    control.with('no-points', { points: 0 }),
    control.with('on-cell-corners', { pointStep: 1 }),
    control.with('channels-4', { channels: 4 }),
    control.with('rank-1', { sites: { count: 20, extent: [30] }, low: [0], high: [9] }),
  ],
  [layer],
);

/** The features are those of the points: site i of the input stands for point i. */
function splatSource(id: string, parameters: PointsCase): CaseSource {
  const rank = parameters.low.length;
  const coordinates = Array.from({ length: parameters.points }, (_, i) => [0, i, ...Array<number>(rank - 1).fill(0)]);
  const sites = { list: coordinates.length > 0 ? coordinates : [Array<number>(rank + 1).fill(0)] };
  const source = featuresSource(id, { ...parameters, sites });
  const points = drawPoints(parameters, [[0]]);
  const features = source.features!.slice(0, points.length);
  const tensors = { query: floats(points, 1 + rank) };
  return { ...source, coordinates, features, tensors, layers: [{ name: 'splat', op: 'splat', in: ['in'] }] };
}
