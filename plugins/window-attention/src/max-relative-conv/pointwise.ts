import { batchNorm, moments, reshape, type Tensor1D, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core'; // prettier-ignore
import { requireRange, requireType } from '@tfjs-sparse/core';
import { linear } from '../linear/op.js';

/** Of a batch normalization, `[outChannels]` each. */
export interface BatchNormalization {
  readonly scale: Tensor1D;
  readonly offset: Tensor1D;
  /** Running statistics; those of the batch where they are absent (training). */
  readonly mean?: Tensor1D;
  readonly variance?: Tensor1D;
}

/** A 1 x 1 convolution and the normalization behind it. */
export interface PointwiseWeights {
  /** float32 `[inChannels, outChannels]`: torch's `[out, in, 1, 1]`, transposed */
  readonly filter: Tensor2D;
  /** float32 `[outChannels]`; default none */
  readonly bias?: Tensor1D;
  readonly norm: BatchNormalization;
}

/** A 1 x 1 convolution of images, normalised. */
export function pointwise(x: Tensor4D, { filter, bias, norm }: PointwiseWeights, epsilon: number): Tensor4D {
  const [batches, height, width, channels] = x.shape;
  const sums = linear(reshape(x, [batches * height * width, channels]), filter, bias);
  const { mean, variance } =
    norm.mean && norm.variance ? { mean: norm.mean, variance: norm.variance } : moments(sums, 0);
  const y = batchNorm(sums, mean as Tensor1D, variance as Tensor1D, norm.offset, norm.scale, epsilon);
  return reshape(y, [batches, height, width, filter.shape[1]]);
}

/** @throws RangeError or TypeError unless the weights take that many channels, and their statistics are both there or absent */
export function requirePointwise(
  op: string,
  name: string,
  { filter, bias, norm }: PointwiseWeights,
  inChannels: number,
): void {
  requireType(filter.dtype === 'float32', op, `${name}filter must be float32`, filter.dtype);
  const isFilter = filter.rank === 2 && filter.shape[0] === inChannels;
  requireRange(isFilter, op, `${name}filter must be [${inChannels}, outChannels]`, filter.shape);
  const channels = filter.shape[1];
  const { scale, offset, mean, variance } = norm;
  for (const [of, tensor] of Object.entries({
    bias,
    'norm.scale': scale,
    'norm.offset': offset,
    'norm.mean': mean,
    'norm.variance': variance,
  })) {
    // prettier-ignore
    if (!tensor) continue;
    requireType(tensor.dtype === 'float32', op, `${name}${of} must be float32`, tensor.dtype);
    requireRange(tensor.shape.join() === String(channels), op, `${name}${of} must be [${channels}]`, tensor.shape);
  }
  requireRange(!mean === !variance, op, `${name}norm must have both of mean and variance, or neither`, mean ? 'mean' : 'variance'); // prettier-ignore
}
