import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { sparseTensor, type SparseTensor } from '@tfjs-sparse/core';
import { evaluate } from '@tfjs-sparse/layers';
import * as ops from '@tfjs-sparse/sparse-conv';
import { longSum, longSumTerm as term, longSumTerms as count, threadSumTerms } from '../../src/long-sum.js';
import type { CallCase } from '../../src/run-call.js';

const channels = 5;
const pointCount = threadSumTerms / 2; // of a voxel, whose thread goes over them twice
const rounded = Math.fround(term);
const product = rounded * rounded;
const productLimit = 2e-5; // products are added in float32 up to 1024 at a time

/** Sums over very many sites, which float32 sums of one after the other get wrong. */
export const calls: readonly CallCase[] = [
  longSum('global-pool/long-sum', () => ops.globalPool(line(), 'sum'), count * rounded),
  longSum('global-pool/long-mean', () => ops.globalPool(line(), 'mean'), rounded),
  longSum('site-broadcast/long-gradient', gradientOfRows, count * rounded),
  longSum('reduce-axis/long-sum', () => ops.reduceAxis(line(), 0, 'sum').features, count * rounded),
  longSum('reduce-axis/long-mean', () => ops.reduceAxis(line(), 0, 'mean').features, rounded),
  longSum('instance-norm/long-mean', () => ops.instanceNorm(line()).features, 0, 1e-5), // times 1 / sqrt(epsilon)
  longSum('group-norm/long-mean', () => ops.groupNorm(line(), { groups: 1 }).features, 0, 1e-5),
  longSum('site-batch-norm/long-mean', () => ops.siteMoments(line().features).mean, rounded),
  longSum('site-batch-norm/long-gradient', gradientOfOffset, count * rounded),
  longSum('splat/long-sum', splatInOnePlace, count * rounded),
  longSum('devoxelize/long-gradient', gradientOfDevoxelize, count * rounded),
  longSum('voxelize/long-sum', () => voxel('sum'), pointCount * rounded),
  longSum('voxelize/long-mean', () => voxel('mean'), rounded),
  longSum('subm-conv/long-filter-gradient', gradientOfFilter, count * product, productLimit),
  longSum('subm-conv/long-bias-gradient', gradientOfBias, count * rounded),
  longSum('depthwise-conv/long-filter-gradient', gradientOfDepthwiseFilter, count * product, productLimit),
  longSum('evaluate/long-loss', meanLoss, rounded),
];

/** Equal features on sites in a row, in one cloud of two axes. */
function line(): SparseTensor {
  const coordinates = new Int32Array(count * 3);
  for (let site = 0; site < count; site++) coordinates[site * 3 + 1] = site;
  return sparseTensor(tf.fill([count, channels], term), coordinates, { rank: 2 });
}

function terms(): tf.Tensor2D {
  return tf.fill([count, channels], term);
}

function gradientOfRows(): tf.Tensor {
  const x = line();
  const loss = (rows: tf.Tensor): tf.Scalar =>
    tf.sum(tf.mul(ops.siteBroadcast(x, rows as tf.Tensor2D, 'add').features, terms()));
  return tf.grad(loss)(tf.ones([1, channels]));
}

function gradientOfOffset(): tf.Tensor {
  const { features } = line();
  const loss = (offset: tf.Tensor): tf.Scalar =>
    tf.sum(tf.mul(ops.siteBatchNorm(features, tf.ones([channels]), offset as tf.Tensor1D).y, terms()));
  return tf.grad(loss)(tf.zeros([channels]));
}

function splatInOnePlace(): tf.Tensor {
  const { features } = ops.splat(new Float32Array(count * 2), terms(), { voxelSize: [1, 1] });
  return tf.slice(features, [0, 0], [1, channels]); // the other cells around the place have weight 0
}

function gradientOfDevoxelize(): tf.Tensor {
  const x = sparseTensor(tf.ones([1, channels]), [[0, 0, 0]]);
  const weights = ops.pointWeights(x.map, new Float32Array(count * 2), { voxelSize: [1, 1], mode: 'nearest' });
  const loss = (features: tf.Tensor): tf.Scalar =>
    tf.sum(tf.mul(ops.devoxelize(x.withFeatures(features as tf.Tensor2D), weights), terms()));
  return tf.grad(loss)(x.features);
}

function voxel(reduction: 'sum' | 'mean'): tf.Tensor {
  const features = tf.fill<tf.Rank.R2>([pointCount, channels], term);
  return ops.voxelize(new Float32Array(pointCount * 2), features, { voxelSize: [1, 1], reduction }).tensor.features;
}

function gradientOfFilter(): tf.Tensor {
  const x = line();
  const loss = (filter: tf.Tensor): tf.Scalar =>
    tf.sum(tf.mul(ops.submConv(x, filter as tf.Tensor3D, { kernelSize: 1 }).features, terms()));
  return tf.grad(loss)(tf.ones([1, channels, channels]));
}

function gradientOfBias(): tf.Tensor {
  const x = line();
  const loss = (bias: tf.Tensor): tf.Scalar => {
    const filter = tf.ones<tf.Rank.R3>([1, channels, channels]);
    return tf.sum(tf.mul(ops.submConv(x, filter, { kernelSize: 1, bias: bias as tf.Tensor1D }).features, terms()));
  };
  return tf.grad(loss)(tf.zeros([channels]));
}

function gradientOfDepthwiseFilter(): tf.Tensor {
  const x = line();
  const loss = (filter: tf.Tensor): tf.Scalar =>
    tf.sum(tf.mul(ops.submDepthwiseConv(x, filter as tf.Tensor2D, { kernelSize: 1 }).features, terms()));
  return tf.grad(loss)(tf.ones([1, channels]));
}

/** The loss over very many sites. */
async function meanLoss(): Promise<tf.Tensor> {
  const model = tfl.sequential({ layers: [tfl.layers.activation({ activation: 'linear', inputShape: [channels] })] });
  model.compile({ optimizer: 'sgd', loss: 'meanAbsoluteError' });
  const loss = await evaluate(model, line(), tf.zeros([count, channels]));
  model.dispose();
  return loss as tf.Scalar;
}
