import * as tf from '@tensorflow/tfjs-core';
import type { SparseConvOptions, SparseFeatures, SparseOps, VoxelizeOptions } from '../src/ops.js';
import type { BadInputCase } from '../src/run-bad-input.js';
import { foreignFilterCases } from './foreign-filter.js';

const outside = 2 ** 20;

/** Two channels on (0,0,0), (0,0,1) and (1,0,0) of one cloud. */
function threeSites(ops: SparseOps): SparseFeatures {
  return ops.sparseTensor(tf.ones([3, 2]), Int32Array.of(0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0), { rank: 3 });
}

function sites(rows: readonly (readonly number[])[], options = {}) {
  return (ops: SparseOps) => ops.sparseTensor(tf.ones([rows.length, 2]), rows, { rank: 3, ...options });
}

function submConv(filterShape: readonly number[], changes: object = {}, dtype: 'float32' | 'int32' = 'float32') {
  return (ops: Required<SparseOps>) => {
    const filter = tf.ones<tf.Rank.R3>([...filterShape] as [number, number, number], dtype);
    return ops.submConv(threeSites(ops), filter, { kernelSize: [3, 3, 3], ...changes });
  };
}

const strided: SparseConvOptions = {
  kernelSize: [2, 2, 2],
  strides: [2, 2, 2],
  padding: [0, 0, 0],
  outputRule: 'covering',
};

function sparseConv(changes: object) {
  return (ops: Required<SparseOps>) => ops.sparseConv(threeSites(ops), tf.ones([8, 2, 2]), { ...strided, ...changes });
}

function voxelize(points: readonly number[], changes: object = {}, featureRows = points.length / 3) {
  const options: VoxelizeOptions = {
    voxelSize: [1, 1, 1],
    origin: [0, 0, 0],
    reduction: 'mean',
    batchIndices: new Int32Array(points.length / 3),
    batchSize: 1,
  };
  return (ops: Required<SparseOps>) =>
    ops.voxelize(Float32Array.from(points), tf.ones([featureRows, 2]), { ...options, ...changes });
}

/** One call each, and the error that it must give. Arguments are made within the call, on the backend under test. */
export const badInputCases: readonly BadInputCase[] = [
  ...foreignFilterCases,
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
    call: (ops) =>
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
    call: (ops) => ops.sparseTensor(tf.ones([1, 2], 'int32'), [[0, 0, 0, 0]], { rank: 3 }),
    error: 'RangeError: SparseTensor: features must be float32, got int32',
  },
  {
    id: 'subm-conv/even-kernel',
    call: submConv([8, 2, 2], { kernelSize: [2, 2, 2] }),
    error: 'RangeError: submConv: kernelSize must be odd on every axis, got [2, 2, 2]',
  },
  {
    id: 'subm-conv/kernel-of-another-rank',
    call: submConv([9, 2, 2], { kernelSize: [3, 3] }),
    error: 'RangeError: submConv: kernelSize must be an integer >= 1, or 3 of them, got [3, 3]',
  },
  {
    id: 'subm-conv/kernel-of-size-0',
    call: submConv([9, 2, 2], { kernelSize: [0, 3, 3] }),
    error: 'RangeError: submConv: kernelSize must be an integer >= 1, or 3 of them, got [0, 3, 3]',
  },
  {
    id: 'subm-conv/dilation-0',
    call: submConv([27, 2, 2], { dilation: [1, 0, 1] }),
    error: 'RangeError: submConv: dilation must be an integer >= 1, or 3 of them, got [1, 0, 1]',
  },
  {
    id: 'subm-conv/filter-of-rank-2',
    call: submConv([27, 2]),
    error: 'RangeError: submConv: filter must have shape [offsets, inChannels, outChannels], got [27, 2]',
  },
  {
    id: 'subm-conv/filter-offsets',
    call: submConv([26, 2, 2]),
    error: 'RangeError: submConv: filter must have 27 offsets (the kernel volume), got 26',
  },
  {
    id: 'subm-conv/filter-channels',
    call: submConv([27, 3, 2]),
    error: 'RangeError: submConv: filter must have 2 input channels (as features), got 3',
  },
  {
    id: 'subm-conv/filter-int32',
    call: submConv([27, 2, 2], {}, 'int32'),
    error: 'TypeError: submConv: filter must be float32, got int32',
  },
  {
    id: 'subm-conv/bias-shape',
    call: (ops) => ops.submConv(threeSites(ops), tf.ones([27, 2, 4]), { kernelSize: [3, 3, 3], bias: tf.ones([3]) }),
    error: 'RangeError: submConv: bias must have shape [4] (the output channels of filter), got [3]',
  },
  {
    id: 'sparse-conv/strides-0',
    call: sparseConv({ strides: [2, 0, 2] }),
    error: 'RangeError: sparseConv: strides must be an integer >= 1, or 3 of them, got [2, 0, 2]',
  },
  {
    id: 'sparse-conv/strides-of-another-rank',
    call: sparseConv({ strides: [2, 2] }),
    error: 'RangeError: sparseConv: strides must be an integer >= 1, or 3 of them, got [2, 2]',
  },
  {
    id: 'sparse-conv/negative-padding',
    call: sparseConv({ padding: [0, -1, 0] }),
    error: 'RangeError: sparseConv: padding must be an integer >= 0, or 3 of them, got [0, -1, 0]',
  },
  {
    id: 'sparse-conv/unknown-output-rule',
    call: sparseConv({ outputRule: 'same' }),
    error: "RangeError: sparseConv: outputRule must be 'covering' or 'floor', got same",
  },
  {
    id: 'sparse-conv/filter-channels',
    call: (ops) => ops.sparseConv(threeSites(ops), tf.ones([8, 1, 2]), strided),
    error: 'RangeError: sparseConv: filter must have 2 input channels (as features), got 1',
  },
  {
    id: 'sparse-inverse-conv/other-sites',
    call: (ops) => {
      const x = threeSites(ops);
      return ops.sparseInverseConv(x, tf.ones([8, 2, 2]), { ...strided, target: x.map });
    },
    error:
      'RangeError: sparseInverseConv: x must be on the 1 sites that this geometry gives from target, got 3 other sites',
  },
  {
    id: 'sparse-inverse-conv/target-of-another-rank',
    call: (ops) => {
      const { map } = ops.sparseTensor(tf.ones([1, 2]), [[0, 0]], { rank: 1 });
      return ops.sparseInverseConv(threeSites(ops), tf.ones([8, 2, 2]), { ...strided, target: map });
    },
    error: 'RangeError: sparseInverseConv: target must have rank 3 (as x), got 1',
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
  {
    id: 'global-pool/unknown-mode',
    call: (ops) => ops.globalPool(threeSites(ops), 'min' as 'max'),
    error: "RangeError: globalPool: mode must be 'avg', 'max' or 'sum', got min",
  },
  {
    id: 'site-batch-norm/scale-shape',
    call: (ops) => ops.batchNorm(threeSites(ops), tf.ones([3]), tf.ones([2]), 1e-3),
    error: 'RangeError: siteBatchNorm: scale must have shape [2] (as the channels of x), got [3]',
  },
  {
    id: 'site-batch-norm/negative-epsilon',
    call: (ops) => ops.batchNorm(threeSites(ops), tf.ones([2]), tf.ones([2]), -1),
    error: 'RangeError: siteBatchNorm: epsilon must be 0 or more, got -1',
  },
  {
    id: 'to-dense/site-outside',
    call: (ops) => ops.toDense(threeSites(ops), { spatialShape: [1, 1, 2], origin: [0, 0, 0] }),
    error: 'RangeError: toDense: sites must lie inside [1, 1, 2] cells from [0, 0, 0], got [1, 0, 0]',
  },
  {
    id: 'to-dense/too-large',
    call: (ops) => ops.toDense(threeSites(ops), { spatialShape: [1024, 1024, 1024], origin: [0, 0, 0] }),
    error:
      'RangeError: toDense: a dense tensor [1, 1024, 1024, 1024, 2] must have at most 2147483648 bytes, got 8589934592',
  },
  {
    id: 'from-dense/too-few-clouds',
    call: (ops) => ops.fromDense(tf.ones([2, 2, 1, 2, 1]), threeSites(ops).map),
    error:
      'RangeError: fromDense: dense must have 1 clouds, 3 spatial axes and channels (as the map), got [2, 2, 1, 2, 1]',
  },
  {
    id: 'from-dense/site-outside',
    call: (ops) => ops.fromDense(tf.ones([1, 1, 1, 2, 1]), threeSites(ops).map),
    error: 'RangeError: fromDense: sites must lie inside [1, 1, 2] cells from [0, 0, 0], got [1, 0, 0]',
  },
  {
    id: 'from-dense/int32',
    call: (ops) => ops.fromDense(tf.ones([1, 2, 1, 2, 1], 'int32'), threeSites(ops).map),
    error: 'TypeError: fromDense: dense must be float32, got int32',
  },
  {
    id: 'from-dense/nonzero-of-rank-2',
    call: (ops) => ops.fromDenseNonzero(tf.ones([2, 2])),
    error: 'RangeError: fromDenseNonzero: dense must have clouds, 1 to 4 spatial axes and channels, got [2, 2]',
  },
];
