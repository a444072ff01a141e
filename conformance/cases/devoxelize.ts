import type * as tf from '@tensorflow/tfjs-core';
import type { CaseSource } from '../oracle/case-source.js';
import { floats } from '../oracle/golden-tensors.js';
import { uniformFrom } from '../oracle/random.js';
import { rowsBySite, sortedSites, vectorsBelow, type Site } from '../oracle/sites.js';
import type { GoldenCase } from '../src/golden-file.js';
import { requiredTensor } from '../src/golden-leaves.js';
import type { LayerDefinition } from '../src/layer-definition.js';
import { defineCases } from './define-cases.js';
import { featuresSource, type FeaturesCase } from './features-case.js';
import * as patterns from './site-patterns.js';

declare module '../src/ops.js' {
  interface SparseOps {
    /** Features at float positions `[points, rank]` in cells. */
    devoxelize?(x: SparseFeatures, points: Float32Array, options: DevoxelizeOptions): tf.Tensor2D;
    /** Points spread onto the cells around them. */
    splat?(
      points: Float32Array,
      features: tf.Tensor2D,
      options: { batchIndices: Int32Array; origin: number[] },
    ): SparseFeatures;
  }
}

export interface DevoxelizeOptions {
  readonly batchIndices: Int32Array;
  readonly mode: 'linear' | 'nearest';
  readonly normalize: boolean;
}

interface DevoxelizeCase extends FeaturesCase {
  readonly op: 'interp' | 'nearest';
  readonly normalize?: boolean;
  readonly points: number;
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** Positions are multiples of this; default none. */
  readonly pointStep?: number;
}

const tolerance = { output: 1e-6, gradient: 1e-6, reason: 'float32 sums of 16 products' };
const near = { low: [-1, -1, -1], high: [5, 5, 6] };

export const devoxelize = defineCases(
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

export const splat = defineCases(
  'splat',
  splatSource,
  (control) => [
    control('3d', { op: 'interp', sites: patterns.scattered, points: 20, ...near, channels: 3, seed: 1700, tolerance }),
    control.with('one-point', { points: 1 }),
    control.with('no-points', { points: 0 }),
    control.with('on-cell-corners', { pointStep: 1 }),
    control.with('channels-4', { channels: 4 }),
    control.with('rank-1', { sites: { count: 20, extent: [30] }, low: [0], high: [9] }),
  ],
  [splatLayer()],
);

function devoxelizeSource(id: string, parameters: DevoxelizeCase): CaseSource {
  const { op, normalize, nanAt } = parameters;
  const source = featuresSource(id, parameters);
  const tensors = { query: floats(drawPoints(parameters, source.coordinates), 1 + source.rank) };
  const cotangentSeed = nanAt ? undefined : source.cotangentSeed; // finite differences of NaN say nothing
  return { ...source, tensors, cotangentSeed, layers: [{ name: 'points', op, in: ['in'], normalize }] };
}

/** The features are those of the points: site i of the input stands for point i. */
function splatSource(id: string, parameters: DevoxelizeCase): CaseSource {
  const rank = parameters.low.length;
  const coordinates = Array.from({ length: parameters.points }, (_, i) => [0, i, ...Array<number>(rank - 1).fill(0)]);
  const sites = { list: coordinates.length > 0 ? coordinates : [Array<number>(rank + 1).fill(0)] };
  const source = featuresSource(id, { ...parameters, sites });
  const points = drawPoints(parameters, [[0]]);
  const features = source.features!.slice(0, points.length);
  const tensors = { query: floats(points, 1 + rank) };
  return { ...source, coordinates, features, tensors, layers: [{ name: 'splat', op: 'splat', in: ['in'] }] };
}

function drawPoints({ points, low, high, pointStep, seed }: DevoxelizeCase, sites: readonly Site[]): number[][] {
  const next = uniformFrom(seed + 7);
  const batches = [...new Set(sites.map(([batch]) => batch)), 0];
  return Array.from({ length: points }, () => {
    const batch = batches[Math.floor(next() * batches.length)];
    const position = low.map((from, axis) => Math.fround(from + next() * (high[axis] - from)));
    return [batch, ...position.map((value) => (pointStep ? Math.round(value / pointStep) * pointStep : value))];
  });
}

/** The 2^rank cells around a point and their weights, those of 0 left out. */
function corners([batch, ...position]: readonly number[]): { cell: number[]; weight: number }[] {
  return vectorsBelow(position.map(() => 2))
    .map((step) => {
      const cell = position.map((value, axis) => Math.floor(value) + step[axis]);
      const weight = cell.reduce((product, c, axis) => product * (1 - Math.abs(position[axis] - c)), 1);
      return { cell: [batch, ...cell], weight };
    })
    .filter(({ weight }) => weight > 0);
}

function layerOf(op: DevoxelizeCase['op']): LayerDefinition {
  return {
    op,
    needs: 'devoxelize',
    forward(x, { normalize = false }, ops, golden) {
      const mode = op === 'interp' ? 'linear' : 'nearest';
      const { points, batchIndices } = queryOf(golden);
      return { kind: 'points', rows: ops.devoxelize!(x, points, { mode, normalize, batchIndices }) };
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
  };
}

function splatLayer(): LayerDefinition {
  return {
    op: 'splat',
    needs: 'splat',
    forward(x, _layer, ops, golden) {
      const { points, batchIndices } = queryOf(golden);
      const origin = Array<number>(x.map.rank).fill(0);
      return { kind: 'sites', x: ops.splat!(points, x.features, { batchIndices, origin }) };
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
  };
}

function queryOf(golden: GoldenCase): { points: Float32Array; batchIndices: Int32Array } {
  const { values, shape } = requiredTensor(golden, 'query');
  const rows = rowsOf(values as Float32Array, shape[1]);
  return {
    points: Float32Array.from(rows.flatMap((row) => row.slice(1))),
    batchIndices: Int32Array.from(rows, ([batch]) => batch),
  };
}

function rowsOf(values: ArrayLike<number>, columns: number): number[][] {
  const flat = Array.from(values);
  return Array.from({ length: flat.length / columns }, (_, row) => flat.slice(row * columns, (row + 1) * columns));
}
