import * as tf from '@tensorflow/tfjs-core';
import * as ops from '@tfjs-sparse/sparse-matmul';
import type { CallCase } from '../../src/run-call.js';
import { patternOf, type PatternAttrs } from './shared/pattern-case.js';

/** Rows keep inputs 0 and 2, and 1. */
const pattern: PatternAttrs = { inFeatures: 4, outFeatures: 2, blockOutputs: 1, starts: [0, 2, 3], columns: [0, 2, 1] };

/** Patterns and operands that the products with sparse weights must refuse, word for word alike on every backend. */
export const calls: readonly CallCase[] = [
  refused('column-outside', { columns: [0, 4, 1] }, 'columns must be at least 0 and below 4, got 4'),
  refused('column-negative', { columns: [-1, 2, 1] }, 'columns must be at least 0 and below 4, got -1'),
  refused('columns-unsorted', { columns: [2, 0, 1] }, 'columns of row 0 must ascend, got 0'),
  refused('column-twice', { columns: [2, 2, 1] }, 'columns of row 0 must ascend, got 2'),
  refused('starts-too-few', { starts: [0, 3] }, 'starts must have 3 entries, got 2'),
  refused('starts-not-from-0', { starts: [1, 2, 3] }, 'starts must begin with 0, got 1'),
  refused('starts-beyond', { starts: [0, 2, 4] }, 'starts must end with 3, got 4'),
  refused('starts-unsorted', { starts: [0, 4, 3] }, 'starts must ascend, got [4, 3]'),
  refused('block-of-3', { blockOutputs: 3 as 4 }, 'blockOutputs must be 1, 2, 4 or 8, got 3'),
  refused('groups-of-3', { groups: { n: 1, m: 3 } }, 'm must be 2, 4, 8 or 16, got 3'),
  refused('n-above-m', { groups: { n: 3, m: 2 } }, 'n must be a whole number from 1 to 2, got 3'),
  refused('not-1-of-2', { groups: { n: 1, m: 2 } }, 'group 1 of row 1 must keep 1 inputs, got 0'),
  {
    id: 'sparse-matmul/last-axis',
    call: () => ops.sparseMatMul(tf.ones([3, 5]), tf.ones([3, 1]), patternOf(pattern)),
    error: 'RangeError: sparseMatMul: the last axis of x must be 4 (inFeatures), got 5',
  },
  {
    id: 'sparse-matmul/scalar',
    call: () => ops.sparseMatMul(tf.scalar(1), tf.ones([3, 1]), patternOf(pattern)),
    error: 'RangeError: sparseMatMul: x must have at least 1 axis, got 0',
  },
  {
    id: 'sparse-matmul/integer-input',
    call: () => ops.sparseMatMul(tf.ones([3, 4], 'int32'), tf.ones([3, 1]), patternOf(pattern)),
    error: 'TypeError: sparseMatMul: x must be float32, got int32',
  },
  {
    id: 'sparse-matmul/values-of-another-pattern',
    call: () => ops.sparseMatMul(tf.ones([3, 4]), tf.ones([4, 1]), patternOf(pattern)),
    error: 'RangeError: sparseMatMul: values must be [3, 1] (blocks, blockOutputs), got [4, 1]',
  },
  {
    id: 'sparse-matmul/bias-too-long',
    call: () =>
      ops.sparseMatMul(tf.ones([3, 4]), tf.ones([3, 1]), patternOf(pattern), { bias: tf.ones([3]) as tf.Tensor1D }),
    error: 'RangeError: sparseMatMul: bias must have shape [2] (the output channels), got [3]',
  },
  {
    id: 'sparse-matmul/unknown-activation',
    call: () =>
      ops.sparseMatMul(tf.ones([3, 4]), tf.ones([3, 1]), patternOf(pattern), { activation: 'tanh' as 'relu' }),
    error: "RangeError: sparseMatMul: activation must be 'linear', 'relu' or 'relu6', got tanh",
  },
  {
    id: 'nm-matmul/no-groups',
    call: () => ops.nmMatMul(tf.ones([3, 4]), tf.ones([3, 1]), patternOf(pattern)),
    error: 'RangeError: nmMatMul: pattern must have groups, got none',
  },
  {
    id: 'sparse-conv1x1/three-axes',
    call: () =>
      ops.sparseConv1x1(tf.ones([3, 3, 4]) as never, tf.ones([3, 1]), patternOf(pattern), { strides: [1, 1] }),
    error: 'RangeError: sparseConv1x1: x must have 4 axes (batch, height, width, channels), got 3',
  },
  {
    id: 'sparse-conv1x1/half-stride',
    call: () => ops.sparseConv1x1(tf.ones([1, 3, 3, 4]), tf.ones([3, 1]), patternOf(pattern), { strides: [0.5, 1] }),
    error: 'RangeError: sparseConv1x1: strides must be whole numbers of at least 1, got [0.5, 1]',
  },
  {
    id: 'sparse-conv2d/inputs-of-another-filter',
    call: () => ops.sparseConv2D(tf.ones([1, 3, 3, 4]), tf.ones([3, 1]), patternOf(pattern), { kernelSize: [1, 2] }),
    error:
      'RangeError: sparseConv2D: inFeatures of the pattern must be height * width of kernelSize * channels of x / groups (8), got 4',
  },
  {
    id: 'sparse-conv2d/outputs-in-3-groups',
    call: () =>
      ops.sparseConv2D(tf.ones([1, 3, 3, 12]), tf.ones([3, 1]), patternOf(pattern), { kernelSize: 1, groups: 3 }),
    error: 'RangeError: sparseConv2D: 3 groups must divide outFeatures, into whole blocks, got [2, 1]',
  },
  {
    id: 'sparse-conv2d/filter-larger-than-the-image',
    call: () =>
      ops.sparseConv2D(tf.ones([1, 1, 1, 2]), tf.ones([3, 1]), patternOf(pattern), {
        kernelSize: [2, 1],
        dilations: 3,
      }),
    error: 'RangeError: sparseConv2D: the filter must fit into the padded image, got [2, 1]',
  },
];

function refused(name: string, change: Partial<PatternAttrs>, message: string): CallCase {
  const call = () => ops.sparseMatMul(tf.ones([3, 4]), tf.ones([3, 1]), patternOf({ ...pattern, ...change }));
  return { id: `sparse-matmul/${name}`, call, error: `RangeError: sparsityPattern: ${message}` };
}
