import * as tf from '@tensorflow/tfjs-core';
import * as ops from '@tfjs-sparse/sparse-matmul';
import type { CallCase } from '../../src/run-call.js';

/** Images, filters and options that `depthwiseConv2D`, and `sparseSeparableConv2D` for its own, must refuse. */
export const calls: readonly CallCase[] = [
  {
    id: 'depthwise-conv2d/other-channels',
    call: convolve([3, 3, 5, 1]),
    error: 'RangeError: depthwiseConv2D: filter must have shape [height, width, 4, 1] (as x), got [3, 3, 5, 1]',
  },
  {
    id: 'depthwise-conv2d/several-outputs-per-channel',
    call: convolve([3, 3, 4, 2]),
    error: 'RangeError: depthwiseConv2D: filter must have shape [height, width, 4, 1] (as x), got [3, 3, 4, 2]',
  },
  {
    id: 'depthwise-conv2d/stride-0',
    call: convolve([3, 3, 4, 1], { strides: [1, 0] }),
    error: 'RangeError: depthwiseConv2D: strides must be positive integers, got [1, 0]',
  },
  {
    id: 'depthwise-conv2d/unknown-activation',
    call: convolve([3, 3, 4, 1], { activation: 'tanh' as 'relu' }),
    error: "RangeError: depthwiseConv2D: activation must be 'linear', 'relu' or 'relu6', got tanh",
  },
  {
    id: 'depthwise-conv2d/filter-larger-than-image',
    call: convolve([7, 3, 4, 1]),
    error: 'RangeError: depthwiseConv2D: the filter must fit into the padded image, got [7, 3, 4, 1]',
  },
  {
    id: 'depthwise-conv2d/bias-of-another-size',
    call: () => ops.depthwiseConv2D(tf.ones([1, 5, 5, 4]), tf.ones([3, 3, 4, 1]), { ...plain, bias: tf.ones([3]) }),
    error: 'RangeError: depthwiseConv2D: bias must have shape [4] (the output channels), got [3]',
  },
  {
    id: 'depthwise-conv2d/integer-image',
    call: () => ops.depthwiseConv2D(tf.ones([1, 5, 5, 4], 'int32'), tf.ones([3, 3, 4, 1]), plain),
    error: 'TypeError: depthwiseConv2D: x must be float32, got int32',
  },
  {
    id: 'sparse-separable-conv2d/filter-bias-of-another-size',
    call: () => separable({ filterBias: tf.ones([3]) }),
    error: 'RangeError: sparseSeparableConv2D: filterBias must have shape [4] (the output channels), got [3]',
  },
  {
    id: 'sparse-separable-conv2d/unknown-filter-activation',
    call: () => separable({ filterActivation: 'tanh' as 'relu' }),
    error: "RangeError: sparseSeparableConv2D: filterActivation must be 'linear', 'relu' or 'relu6', got tanh",
  },
];

function separable(options: ops.SparseSeparableConv2DOptions): tf.Tensor {
  const pattern = new ops.SparsityPattern([0, 1], [0], { inFeatures: 4, outFeatures: 1 });
  const image: tf.Tensor4D = tf.ones([1, 5, 5, 4]);
  return ops.sparseSeparableConv2D(image, tf.ones([3, 3, 4, 1]), tf.ones([1, 1]), pattern, options);
}

const plain: ops.DepthwiseConv2DOptions = { strides: 1, padding: 'valid', activation: 'linear', bias: undefined };

function convolve(filter: [number, number, number, number], options: Partial<ops.DepthwiseConv2DOptions> = {}) {
  return () => ops.depthwiseConv2D(tf.ones([1, 5, 5, 4]), tf.ones(filter), { ...plain, ...options });
}
