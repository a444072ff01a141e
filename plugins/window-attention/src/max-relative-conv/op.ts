import { concat, tidy, type Tensor4D } from '@tensorflow/tfjs-core';
import { requireRange } from '@tfjs-sparse/core';
import { gelu } from '../gelu/op.js';
import { maxRelative, requireImages, type MaxRelativeOptions } from '../max-relative/op.js';
import { pointwise, requirePointwise, type PointwiseWeights } from './pointwise.js';

export interface MaxRelativeConvOptions extends MaxRelativeOptions {
  /** Added to variances; default 1e-5, torch's. */
  readonly epsilon?: number;
}

/**
 * Max-relative graph convolution (MRConv of MobileViG, Munir et al. 2023): images beside their `maxRelative`, through a 1 x 1
 * convolution, batch normalization and GELU. Without running statistics the batch's are taken. Gradients flow to x and all
 * weights.
 *
 * @param x float32 `[batches, height, width, channels]`
 * @param weights whose filter is `[2 * channels, outChannels]`: x first
 * @returns float32 `[batches, height, width, outChannels]`
 * @throws RangeError or TypeError where a weight does not fit, step is no integer of at least 1 or epsilon is below 0
 */
export function maxRelativeConv(
  x: Tensor4D,
  weights: PointwiseWeights,
  { step, epsilon = 1e-5 }: MaxRelativeConvOptions = {},
): Tensor4D {
  requireImages(op, x);
  requirePointwise(op, '', weights, 2 * x.shape[3]);
  requireRange(epsilon >= 0, op, 'epsilon must be at least 0', epsilon);
  return tidy(() => gelu(pointwise(concat([x, maxRelative(x, { step })], 3), weights, epsilon)));
}

const op = 'maxRelativeConv';
