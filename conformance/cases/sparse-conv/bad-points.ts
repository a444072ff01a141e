import * as tf from '@tensorflow/tfjs-core';
import { voxelize, type VoxelizeOptions } from '@tfjs-sparse/sparse-conv';
import type { CallCase } from '../../src/run-call.js';

const outside = 2 ** 20;

/** Points that `voxelize` must refuse, word for word alike on every backend; arguments are made within the call. */
export const calls: readonly CallCase[] = [
  {
    id: 'voxelize/nan-position',
    call: refused([0, 1, 2, 3, NaN, 5]),
    error: 'RangeError: CoordinateMap: point positions must be finite, got [3, NaN, 5] in point 1',
  },
  {
    id: 'voxelize/infinite-position',
    call: refused([Infinity, 1, 2]),
    error: 'RangeError: CoordinateMap: point positions must be finite, got [Infinity, 1, 2] in point 0',
  },
  {
    id: 'voxelize/position-beyond-21-bits',
    call: refused([outside, 0, 0]),
    error: 'RangeError: CoordinateMap: coordinates must lie in [-1048576, 1048576), got [0, 1048576, 0, 0] in row 0',
  },
  {
    id: 'voxelize/voxel-size-0',
    call: refused([0, 0, 0], { voxelSize: [1, 0, 1] }),
    error:
      'RangeError: CoordinateMap: voxelSize must be positive and finite, one for all axes or one for each of 3, got [1, 0, 1]',
  },
  {
    id: 'voxelize/voxel-size-nan',
    call: refused([0, 0, 0], { voxelSize: [1, NaN, 1] }),
    error:
      'RangeError: CoordinateMap: voxelSize must be positive and finite, one for all axes or one for each of 3, got [1, NaN, 1]',
  },
  {
    id: 'voxelize/too-few-features',
    call: refused([0, 0, 0, 1, 1, 1], {}, 1),
    error: 'RangeError: voxelize: features must have shape [2, channels] (one row per point), got [1, 2]',
  },
  {
    id: 'voxelize/unknown-reduction',
    call: refused([0, 0, 0], { reduction: 'median' }),
    error: 'RangeError: voxelize: reduction must be one of mean, sum, max, first, got median',
  },
  {
    id: 'voxelize/batch-beyond-size',
    call: refused([0, 0, 0], { batchIndices: Int32Array.of(1) }),
    error: 'RangeError: CoordinateMap: batchSize must be at least 2 (1 + the largest batch index), got 1',
  },
  {
    id: 'voxelize/batch-index-fraction',
    call: refused([0, 0, 0], { batchIndices: [0.5] }),
    error: 'RangeError: CoordinateMap: batchIndices must be integers of 32 bits, got 0.5 at 0',
  },
];

function refused(points: readonly number[], changes: object = {}, featureRows = points.length / 3) {
  const options: VoxelizeOptions = {
    voxelSize: [1, 1, 1],
    origin: [0, 0, 0],
    reduction: 'mean',
    batchIndices: new Int32Array(points.length / 3),
    batchSize: 1,
  };
  return () => voxelize(Float32Array.from(points), tf.ones([featureRows, 2]), { ...options, ...changes });
}
