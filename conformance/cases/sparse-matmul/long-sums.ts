import * as tf from '@tensorflow/tfjs-core';
import * as ops from '@tfjs-sparse/sparse-matmul';
import { longSum, longSumTerm as term, longSumTerms as count, threadSumTerms } from '../../src/long-sum.js';
import type { CallCase } from '../../src/run-call.js';

const channels = 5;
const side = 220; // pixels of an image: 48,400, see threadSumTerms
const rounded = Math.fround(term);
const product = rounded * rounded;
const productLimit = 2e-5; // products are added in float32 up to 1024 at a time

/** Sums over very many rows, pixels or neighbours, which float32 sums of one after the other get wrong. */
export const calls: readonly CallCase[] = [
  longSum('graph-aggregate/long-sum', () => aggregate('sum'), count * rounded),
  longSum('graph-aggregate/long-mean', () => aggregate('mean'), rounded),
  longSum('graph-aggregate/long-weighted-sum', () => aggregate('sum', tf.fill([count], term)), count * product),
  longSum('graph-aggregate/long-gradient', gradientOfNode, count * rounded),
  longSum('sparse-matmul/long-values-gradient', gradientOfValues, threadSumTerms * product, productLimit),
  longSum('sparse-matmul/long-bias-gradient', gradientOfBias, count * rounded),
  longSum('sparse-conv2d/long-values-gradient', gradientOfConvValues, side * side * product, productLimit),
  longSum('depthwise-conv2d/long-filter-gradient', gradientOfDepthwiseFilter, side * side * product, productLimit),
];

function terms(): tf.Tensor2D {
  return tf.fill([count, channels], term);
}

/** One node with very many neighbours. */
function aggregate(reduction: 'sum' | 'mean', values?: tf.Tensor1D): tf.Tensor {
  const columns = Int32Array.from({ length: count }, (_, i) => i);
  const matrix = ops.SparseMatrix.fromEdges({ rows: new Int32Array(count), columns }, [1, count], values);
  return ops.graphAggregate(terms(), matrix, { reduction });
}

/** Very many nodes with one neighbour. */
function gradientOfNode(): tf.Tensor {
  const rows = Int32Array.from({ length: count }, (_, i) => i);
  const matrix = ops.SparseMatrix.fromEdges({ rows, columns: new Int32Array(count) }, [count, 1]);
  const loss = (x: tf.Tensor): tf.Scalar => tf.sum(tf.mul(ops.graphAggregate(x as tf.Tensor2D, matrix), terms()));
  return tf.grad(loss)(tf.ones([1, channels]));
}

function weights() {
  const { values, pattern } = ops.packWeights(new Float32Array(channels * channels).fill(1), [channels, channels]);
  return { values: tf.tensor2d(values, [pattern.blockCount, pattern.blockOutputs]), pattern };
}

function gradientOfValues(): tf.Tensor {
  const { values, pattern } = weights();
  const rows = tf.fill<tf.Rank.R2>([threadSumTerms, channels], term);
  const loss = (kept: tf.Tensor): tf.Scalar =>
    tf.sum(tf.mul(ops.sparseMatMul(rows, kept as tf.Tensor2D, pattern), rows));
  return tf.grad(loss)(values);
}

function gradientOfConvValues(): tf.Tensor {
  const { values, pattern } = weights();
  const pixels = tf.fill<tf.Rank.R4>([1, side, side, channels], term);
  const loss = (kept: tf.Tensor): tf.Scalar =>
    tf.sum(tf.mul(ops.sparseConv2D(pixels, kept as tf.Tensor2D, pattern, { kernelSize: 1 }), pixels));
  return tf.grad(loss)(values);
}

function gradientOfBias(): tf.Tensor {
  const { values, pattern } = weights();
  const loss = (bias: tf.Tensor): tf.Scalar =>
    tf.sum(tf.mul(ops.sparseMatMul(terms(), values, pattern, { bias: bias as tf.Tensor1D }), terms()));
  return tf.grad(loss)(tf.zeros([channels]));
}

function gradientOfDepthwiseFilter(): tf.Tensor {
  const pixels = tf.fill<tf.Rank.R4>([1, side, side, channels], term);
  const loss = (filter: tf.Tensor): tf.Scalar =>
    tf.sum(tf.mul(ops.depthwiseConv2D(pixels, filter as tf.Tensor4D), pixels));
  return tf.grad(loss)(tf.ones([1, 1, channels, 1]));
}
