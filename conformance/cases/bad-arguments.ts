import * as tf from '@tensorflow/tfjs-core';
import type { SparseConvOptions, SparseOps } from '../src/ops.js';
import type { CallCase } from '../src/run-call.js';
import { threeSites } from './three-sites.js';

const strided: SparseConvOptions = {
  kernelSize: [2, 2, 2],
  strides: [2, 2, 2],
  padding: [0, 0, 0],
  outputRule: 'covering',
};

/** One call each, and the error that it must give. Arguments are made within the call, on the backend under test. */
export const badArguments: readonly CallCase[] = [
  {
    id: 'subm-conv/even-kernel',
    call: submConv([8, 2, 2], { kernelSize: [2, 2, 2] }),
    error: 'RangeError: submConv: padding must be given for a kernel that is even on an axis, got kernelSize [2, 2, 2]',
  },
  {
    id: 'subm-conv/cross-of-even-size',
    call: submConv([4, 2, 2], { kernelSize: [3, 2, 3], kernelShape: 'cross' }),
    error: 'RangeError: submConv: kernelSize of a cross must be odd on every axis, got [3, 2, 3]',
  },
  {
    id: 'subm-conv/unknown-kernel-shape',
    call: submConv([27, 2, 2], { kernelShape: 'ball' }),
    error: "RangeError: submConv: kernelShape must be 'box' or 'cross', got ball",
  },
  {
    id: 'subm-conv/offsets-with-kernel-size',
    call: submConv([1, 2, 2], { offsets: [[0, 0, 0]] }),
    error: 'RangeError: submConv: kernelSize must not be given with offsets, got [3, 3, 3]',
  },
  {
    id: 'subm-conv/offsets-of-another-rank',
    call: submConv([1, 2, 2], { kernelSize: undefined, offsets: [[0, 0]] }),
    error: 'RangeError: submConv: offsets must be rows of 3 integers, got [[0, 0]]',
  },
  {
    id: 'subm-conv/repeated-offsets',
    call: submConv([2, 2, 2], {
      kernelSize: undefined,
      offsets: [
        [0, 0, 1],
        [0, 0, 1],
      ],
    }),
    error: 'RangeError: submConv: offsets must differ from each other, got [[0, 0, 1], [0, 0, 1]]',
  },
  {
    id: 'subm-conv/groups-that-do-not-divide',
    call: submConv([27, 1, 3], { groups: 2 }),
    error: 'RangeError: submConv: groups must divide the channels of features (2) and of filter (3), got 2',
  },
  {
    id: 'subm-conv/groups-filter-channels',
    call: submConv([27, 2, 4], { groups: 2 }),
    error: 'RangeError: submConv: filter must have 1 input channels (as features, in 2 groups), got 2',
  },
  {
    id: 'subm-depthwise-conv/filter-of-rank-3',
    call: (ops) => ops.submDepthwiseConv(threeSites(ops), tf.ones([27, 1, 2]) as never, { kernelSize: [3, 3, 3] }),
    error: 'RangeError: submDepthwiseConv: filter must have shape [offsets, channels], got [27, 1, 2]',
  },
  {
    id: 'sparse-depthwise-conv/filter-channels',
    call: (ops) => ops.sparseDepthwiseConv(threeSites(ops), tf.ones([8, 3]), strided),
    error: 'RangeError: sparseDepthwiseConv: filter must have 2 channels (as features), got 3',
  },
  {
    id: 'sparse-conv/target-of-another-stride',
    call: (ops) => {
      const x = threeSites(ops);
      return ops.sparseConv(x, tf.ones([8, 2, 2]), { ...strided, target: x.map });
    },
    error: 'RangeError: sparseConv: target must have stride [2, 2, 2] (that of the output), got [1, 1, 1]',
  },
  {
    id: 'sparse-conv-transpose/output-padding',
    call: (ops) =>
      ops.sparseConvTranspose(threeSites(ops), tf.ones([8, 2, 2]), { ...strided, outputPadding: [0, 2, 0] }),
    error: 'RangeError: sparseConvTranspose: outputPadding must be less than strides [2, 2, 2], got [0, 2, 0]',
  },
  {
    id: 'sparse-conv-transpose/output-beyond-21-bits',
    call: (ops) => {
      const x = ops.sparseTensor(tf.ones([1, 2]), [[0, 0, 2 ** 19, 0]], { rank: 3 });
      return ops.sparseConvTranspose(x, tf.ones([8, 2, 2]), strided);
    },
    error:
      'RangeError: downsample: output coordinates must lie in [-1048576, 1048576), got [0, 1048576, 0] to [1, 1048577, 1]',
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
    error: 'RangeError: submConv: bias must have shape [4] (the output channels), got [3]',
  },
  {
    id: 'subm-conv/bias-int32',
    call: (ops) =>
      ops.submConv(threeSites(ops), tf.ones([27, 2, 4]), { kernelSize: [3, 3, 3], bias: tf.ones([4], 'int32') }),
    error: 'TypeError: submConv: bias must be float32, got int32',
  },
  {
    id: 'sparse-tensor/int32-in-any-order',
    call: (ops) => ops.sparseTensor(tf.ones([2, 1], 'int32'), [[0, 1], [0, 0]], { rank: 1 }), // prettier-ignore
    error: 'RangeError: sparseTensor: features must be float32, got int32',
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
    error: "RangeError: sparseConv: outputRule must be 'covering', 'coveringFromMinimum' or 'floor', got same",
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

function submConv(filterShape: readonly number[], changes: object = {}, dtype: 'float32' | 'int32' = 'float32') {
  return (ops: Required<SparseOps>) => {
    const filter = tf.ones<tf.Rank.R3>([...filterShape] as [number, number, number], dtype);
    return ops.submConv(threeSites(ops), filter, { kernelSize: [3, 3, 3], ...changes });
  };
}

function sparseConv(changes: object) {
  return (ops: Required<SparseOps>) => ops.sparseConv(threeSites(ops), tf.ones([8, 2, 2]), { ...strided, ...changes });
}
