import type { Tensor2D } from '@tensorflow/tfjs-core';
import { voxelize } from '@tfjs-sparse/sparse-conv';
import type { CaseSource } from '../../oracle/case-source.js';
import { voxelLayer, type VoxelFields } from '../../oracle/feature-layers.js';
import { drawRows, uniformFrom } from '../../oracle/random.js';
import type { ReductionMode } from '../../oracle/reduction.js';
import * as field from '../../src/fields.js';
import type { Tolerance } from '../../src/golden-file.js';
import { floatsOf, integersOf } from '../../src/golden-tensors.js';
import type { LayerCall } from '../../src/layer-definition.js';
import type { LayerValue } from '../../src/layer-value.js';
import { defineCases, defineLayer } from '../define-cases.js';

interface VoxelizeCase {
  readonly mode: ReductionMode;
  readonly points: PointPattern | { readonly list: readonly (readonly number[])[] };
  readonly voxelSize: readonly number[];
  readonly origin?: readonly number[];
  readonly batchSize?: number;
  readonly channels: number;
  readonly nanAt?: readonly (readonly [point: number, channel: number])[];
  /** Features are multiples of this, so that maxima tie. */
  readonly step?: number;
  readonly seed: number;
  readonly tolerance: Tolerance;
}

/** Points drawn in a box. */
interface PointPattern {
  readonly count: number;
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly batches?: readonly number[];
}

const tolerance: Tolerance = {
  output: 1e-6,
  gradient: 1e-6,
  reason: 'float32 sums of at most a few dozen features below 1',
};
const scattered: PointPattern = { count: 40, low: [-2, -2, -2], high: [2, 2, 2] };

const layer = defineLayer<VoxelFields>({
  op: 'reduce_rows',
  fields: {
    mode: field.optional(field.oneOf('mean', 'sum', 'max', 'first')),
    voxel_size: field.optional(field.numbers),
    origin: field.optional(field.numbers),
  },
  tensors: ['row_index', 'slice_features'],
  readsPoints: true,
  forward: voxels,
  evaluate: voxelLayer,
});

function voxels({ layer: { mode, ...grid }, golden, rank, leaf }: LayerCall<VoxelFields>): LayerValue {
  const hasPositions = golden.tensors.has('in_positions');
  const rows = hasPositions ? floatsOf(golden, 'in_positions') : Float32Array.from(integersOf(golden, 'in_coords'));
  const width = 1 + rank;
  const batchIndices = Int32Array.from({ length: rows.length / width }, (_, point) => rows[point * width]);
  const { tensor, inverse } = voxelize(
    rows.filter((_, index) => index % width > 0),
    leaf('features') as Tensor2D,
    {
      voxelSize: grid.voxel_size ?? Array<number>(rank).fill(1),
      origin: grid.origin ?? Array<number>(rank).fill(0),
      reduction: mode,
      batchIndices,
      batchSize: golden.batchSize ?? Math.max(0, ...batchIndices) + 1,
    },
  );
  return { kind: 'sites', x: tensor, inverse };
}

export const operation = defineCases(
  'voxelize',
  voxelizeSource,
  (control) => [
    control('mean', { mode: 'mean', points: scattered, voxelSize: [1, 1, 1], channels: 2, seed: 400, tolerance }),
    ...(['sum', 'max', 'first'] as const).map((mode) => control.with(mode, { mode })),
    control.with('max-ties', { mode: 'max', step: 0.5 }), // equal maxima share the gradient
    ...(['mean', 'sum', 'max', 'first'] as const).flatMap((mode) => [
      control.with(`${mode}-no-points`, { mode, points: { ...scattered, count: 0 } }),
      control.with(`${mode}-nan-feature`, { mode, nanAt: [[7, 1]] }),
    ]),
    control.with('one-point', { points: { ...scattered, count: 1 } }),
    control.with('one-site', { points: { count: 40, low: [0, 0, 0], high: [0.99, 0.99, 0.99] } }),
    control.with('max-one-site', { mode: 'max', points: { count: 40, low: [0, 0, 0], high: [0.99, 0.99, 0.99] } }),
    control.with('voxel-size-0.05', {
      points: { ...scattered, low: [-0.2, -0.2, -0.2], high: [0.2, 0.2, 0.2] },
      voxelSize: [0.05, 0.05, 0.05],
    }),
    control.with('voxel-size-per-axis', { voxelSize: [0.5, 2, 1.25] }),
    control.with('origin', { origin: [-2.5, 0.25, 7] }),
    // 0.15 / 0.05 is 3 in float32 and 2.9999999999999996 in float64: which site, depends on the arithmetic
    control.with('points-on-borders', {
      points: { list: [0.05, 0.1, 0.15, 0.3, 0.35, 0.6, 0.7, 1.1, -0.05, -0.15, -0.35].map((p) => [0, p, 2 * p, -p]) },
      voxelSize: [0.05, 0.05, 0.05],
    }),
    control.with('batch-border', { points: { ...scattered, batches: [0, 1] } }),
    control.with('empty-cloud-between', { points: { ...scattered, batches: [0, 2] } }),
    control.with('empty-clouds-after', { batchSize: 5 }),
    control.with('largest-coordinates', {
      points: { list: [-(2 ** 20), -(2 ** 20), 2 ** 20 - 1, 2 ** 20 - 1, 0].map((p, i) => [i % 2, p, -1 - p, p]) },
    }),
    control.with('rank-1', { points: { count: 40, low: [-9], high: [9] }, voxelSize: [1] }),
    control.with('rank-2', { points: { count: 40, low: [-4, -4], high: [4, 4] }, voxelSize: [1, 1] }),
    control.with('rank-4', { points: { count: 40, low: [0, 0, 0, 0], high: [2, 2, 2, 2] }, voxelSize: [1, 1, 1, 1] }),
    ...[1, 3, 7, 9, 17, 33].map((channels) =>
      control.with(`channels-${channels}`, { channels, points: { ...scattered, count: 24 } }),
    ),
    ...[3, 33].map((channels) =>
      control.with(`max-channels-${channels}`, { mode: 'max', channels, points: { ...scattered, count: 24 } }),
    ),
    control.with('points-1300', {
      points: { count: 1300, low: [-400], high: [400] },
      voxelSize: [1],
      channels: 1,
    }),
  ],
  [layer],
);

function voxelizeSource(id: string, parameters: VoxelizeCase): CaseSource {
  const { mode, points, voxelSize, origin, batchSize, channels, nanAt = [], step, seed } = parameters;
  const positions = drawPoints(points, seed);
  const features = drawRows(uniformFrom(seed + 1), positions.length, channels);
  if (step) features.forEach((row) => row.forEach((value, c) => (row[c] = Math.round(value / step) * step)));
  for (const [point, channel] of nanAt) features[point][channel] = NaN;
  const rank = voxelSize.length;
  return {
    id,
    layers: [{ name: 'voxels', op: 'reduce_rows', in: ['in'], mode, voxel_size: voxelSize, origin }],
    tolerance: parameters.tolerance,
    // The golden format has the cell of a point only by its batch index; positions say the rest.
    coordinates: positions.map(([batch]) => [batch, ...Array<number>(rank).fill(0)]),
    rank,
    positions,
    features,
    channels,
    batchSize,
    cotangentSeed: mode === 'max' && nanAt.length > 0 ? undefined : seed + 2, // no maximum, no gradient to define
  };
}

function drawPoints(pattern: VoxelizeCase['points'], seed: number): number[][] {
  if ('list' in pattern) return pattern.list.map((point) => point.map(Math.fround));
  const { count, low, high, batches = [0] } = pattern;
  const next = uniformFrom(seed);
  return Array.from({ length: count }, () => {
    const batch = batches[Math.floor(next() * batches.length)];
    return [batch, ...low.map((from, axis) => Math.fround(from + next() * (high[axis] - from)))];
  });
}
