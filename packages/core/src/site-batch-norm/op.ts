import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { requireRange, requireType } from '../errors.js';
import { runOp } from '../op/run.js';
import { siteBatchNormOp, siteMomentsOp, siteNormalizeOp } from './definition.js';

const defaultEpsilon = 1e-3; // as tf.batchNorm

/**
 * Mean and variance of every channel over all sites of all clouds. No sites give zeros.
 *
 * @param x  `[sites, channels]`
 * @returns  `[channels]` each; the variances are biased (divided by the number of sites), as those of tf.moments
 */
export function siteMoments(x: Tensor2D): { mean: Tensor1D; variance: Tensor1D } {
  requireFeatures('siteMoments', x);
  return runOp(siteMomentsOp, { x }, {}) as { mean: Tensor1D; variance: Tensor1D };
}

/**
 * Batch normalization over sites as in training: `y = (x - mean) / sqrt(variance + epsilon) * scale + offset` with the
 * moments of `x` itself. The gradient to `x` includes the way through the moments; `mean` and `variance` (for running
 * averages) carry none. As PyTorch's BatchNorm1d on the features of spconv, torchsparse and MinkowskiEngine; Ioffe and
 * Szegedy 2015, algorithm 1.
 *
 * @param x        `[sites, channels]`
 * @param scale    `[channels]`
 * @param offset   `[channels]`
 * @param epsilon  0 or more; default 0.001, as tf.batchNorm (PyTorch's default is 0.00001)
 * @returns        y `[sites, channels]`; mean and biased variance `[channels]`
 */
export function siteBatchNorm(
  x: Tensor2D,
  scale: Tensor1D,
  offset: Tensor1D,
  epsilon = defaultEpsilon,
): { y: Tensor2D; mean: Tensor1D; variance: Tensor1D } {
  requireArguments('siteBatchNorm', x, { scale, offset }, epsilon);
  const { y, mean, variance } = runOp(siteBatchNormOp, { x, scale, offset }, { epsilon });
  return { y: y as Tensor2D, mean: mean as Tensor1D, variance: variance as Tensor1D };
}

/**
 * Batch normalization with given statistics, as in inference:
 * `y = (x - mean) / sqrt(variance + epsilon) * scale + offset`. Gradients flow to all five tensors.
 *
 * @param x         `[sites, channels]`
 * @param mean      `[channels]`
 * @param variance  `[channels]`
 * @param scale     `[channels]`
 * @param offset    `[channels]`
 * @param epsilon   0 or more; default 0.001, as tf.batchNorm
 * @returns         `[sites, channels]`
 */
export function siteNormalize(
  x: Tensor2D,
  mean: Tensor1D,
  variance: Tensor1D,
  scale: Tensor1D,
  offset: Tensor1D,
  epsilon = defaultEpsilon,
): Tensor2D {
  requireArguments('siteNormalize', x, { mean, variance, scale, offset }, epsilon);
  return runOp(siteNormalizeOp, { x, mean, variance, scale, offset }, { epsilon }).y as Tensor2D;
}

function requireArguments(op: string, x: Tensor2D, vectors: Record<string, Tensor1D>, epsilon: number): void {
  requireFeatures(op, x);
  for (const [name, { shape, dtype }] of Object.entries(vectors)) {
    requireRange(
      shape.length === 1 && shape[0] === x.shape[1],
      op,
      `${name} must have shape [${x.shape[1]}] (as the channels of x)`,
      shape,
    );
    requireType(dtype === 'float32', op, `${name} must be float32`, dtype);
  }
  requireRange(epsilon >= 0, op, 'epsilon must be 0 or more', epsilon);
}

function requireFeatures(op: string, x: Tensor2D): void {
  requireRange(x.rank === 2, op, 'x must have shape [sites, channels]', x.shape);
  requireType(x.dtype === 'float32', op, 'x must be float32', x.dtype);
}
