import * as tf from '@tensorflow/tfjs-core';
import * as ops from '@tfjs-sparse/sparse-conv';
import type { CallCase } from '../../src/run-call.js';

const outside = 2 ** 20;

/** One call each, and the error that it must give. Arguments are made within the call, on the backend under test. */
export const calls: readonly CallCase[] = [
  {
    id: 'sparse-tensor/duplicate-sites',
    call: sites([
      [0, 1, 2, 3],
      [0, 4, 5, 6],
      [0, 1, 2, 3],
    ]),
    error:
      'RangeError: CoordinateMap: coordinates must differ from each other (fromRows and fromPoints merge duplicates), got [0, 1, 2, 3] in rows 0 and 2',
  },
  {
    id: 'sparse-tensor/non-integer-coordinates',
    call: sites([[0, 1, 2.5, 3]]),
    error: 'RangeError: CoordinateMap: coordinates must be integers of 32 bits, got [0, 1, 2.5, 3] in row 0',
  },
  {
    id: 'sparse-tensor/nan-coordinates',
    call: sites([[0, 1, NaN, 3]]),
    error: 'RangeError: CoordinateMap: coordinates must be integers of 32 bits, got [0, 1, NaN, 3] in row 0',
  },
  {
    id: 'sparse-tensor/coordinates-above-21-bits',
    call: sites([
      [0, 1, 2, 3],
      [0, outside, 0, 0],
    ]),
    error: 'RangeError: CoordinateMap: coordinates must lie in [-1048576, 1048576), got [0, 1048576, 0, 0] in row 1',
  },
  {
    id: 'sparse-tensor/coordinates-below-21-bits',
    call: sites([[0, 0, 0, -outside - 1]]),
    error: 'RangeError: CoordinateMap: coordinates must lie in [-1048576, 1048576), got [0, 0, 0, -1048577] in row 0',
  },
  {
    id: 'sparse-tensor/coordinates-above-32-bits',
    call: sites([[0, 0, 0, 2 ** 32]]),
    error: 'RangeError: CoordinateMap: coordinates must be integers of 32 bits, got [0, 0, 0, 4294967296] in row 0',
  },
  {
    id: 'sparse-tensor/negative-batch',
    call: sites([[-1, 0, 0, 0]]),
    error: 'RangeError: CoordinateMap: batch indices must lie in [0, 32768), got [-1, 0, 0, 0] in row 0',
  },
  {
    id: 'sparse-tensor/batch-beyond-size',
    call: sites([[2, 0, 0, 0]], { batchSize: 2 }),
    error: 'RangeError: CoordinateMap: batchSize must be at least 3 (1 + the largest batch index), got 2',
  },
  {
    id: 'sparse-tensor/batch-beyond-15-bits',
    call: sites([[2 ** 15, 0, 0, 0]]),
    error: 'RangeError: CoordinateMap: batch indices must lie in [0, 32768), got [32768, 0, 0, 0] in row 0',
  },
  {
    id: 'sparse-tensor/short-row',
    call: sites([[0, 0, 0]]),
    error:
      'RangeError: CoordinateMap: coordinates must have 4 numbers per row (batch index and 3 axes), got [0, 0, 0] in row 0',
  },
  {
    id: 'sparse-tensor/site-outside-of-shape',
    call: sites([[0, 4, 0, 0]], { spatialShape: [4, 4, 4] }),
    error: 'RangeError: CoordinateMap: coordinates must lie inside spatialShape [4, 4, 4], got [0, 4, 0, 0] in row 0',
  },
  {
    id: 'sparse-tensor/rank-5',
    call: sites([[0, 0, 0, 0, 0, 0]], { rank: 5 }),
    error: 'RangeError: CoordinateMap: rank must be 1 to 4, got 5',
  },
  {
    id: 'sparse-tensor/too-few-features',
    call: () =>
      ops.sparseTensor(
        tf.ones([1, 2]),
        [
          [0, 0, 0, 0],
          [0, 0, 0, 1],
        ],
        { rank: 3 },
      ),
    error: 'RangeError: sparseTensor: features must have shape [2, channels] (one row per coordinate), got [1, 2]',
  },
  {
    id: 'sparse-tensor/int32-features',
    call: () => ops.sparseTensor(tf.ones([1, 2], 'int32'), [[0, 0, 0, 0]], { rank: 3 }),
    error: 'RangeError: sparseTensor: features must be float32, got int32',
  },
  {
    id: 'voxelize/nan-position',
    call: voxelize([0, 1, 2, 3, NaN, 5]),
    error: 'RangeError: CoordinateMap: point positions must be finite, got [3, NaN, 5] in point 1',
  },
  {
    id: 'voxelize/infinite-position',
    call: voxelize([Infinity, 1, 2]),
    error: 'RangeError: CoordinateMap: point positions must be finite, got [Infinity, 1, 2] in point 0',
  },
  {
    id: 'voxelize/position-beyond-21-bits',
    call: voxelize([outside, 0, 0]),
    error: 'RangeError: CoordinateMap: coordinates must lie in [-1048576, 1048576), got [0, 1048576, 0, 0] in row 0',
  },
  {
    id: 'voxelize/voxel-size-0',
    call: voxelize([0, 0, 0], { voxelSize: [1, 0, 1] }),
    error:
      'RangeError: CoordinateMap: voxelSize must be positive and finite, one for all axes or one for each of 3, got [1, 0, 1]',
  },
  {
    id: 'voxelize/voxel-size-nan',
    call: voxelize([0, 0, 0], { voxelSize: [1, NaN, 1] }),
    error:
      'RangeError: CoordinateMap: voxelSize must be positive and finite, one for all axes or one for each of 3, got [1, NaN, 1]',
  },
  {
    id: 'voxelize/too-few-features',
    call: voxelize([0, 0, 0, 1, 1, 1], {}, 1),
    error: 'RangeError: voxelize: features must have shape [2, channels] (one row per point), got [1, 2]',
  },
  {
    id: 'voxelize/unknown-reduction',
    call: voxelize([0, 0, 0], { reduction: 'median' }),
    error: 'RangeError: voxelize: reduction must be one of mean, sum, max, first, got median',
  },
  {
    id: 'voxelize/batch-beyond-size',
    call: voxelize([0, 0, 0], { batchIndices: Int32Array.of(1) }),
    error: 'RangeError: CoordinateMap: batchSize must be at least 2 (1 + the largest batch index), got 1',
  },
];

function sites(rows: readonly (readonly number[])[], options = {}) {
  return () => ops.sparseTensor(tf.ones([rows.length, 2]), rows, { rank: 3, ...options });
}

function voxelize(points: readonly number[], changes: object = {}, featureRows = points.length / 3) {
  const options: ops.VoxelizeOptions = {
    voxelSize: [1, 1, 1],
    origin: [0, 0, 0],
    reduction: 'mean',
    batchIndices: new Int32Array(points.length / 3),
    batchSize: 1,
  };
  return () => ops.voxelize(Float32Array.from(points), tf.ones([featureRows, 2]), { ...options, ...changes });
}
