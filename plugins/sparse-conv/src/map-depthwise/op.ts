import type { Tensor2D } from '@tensorflow/tfjs-core';
import { runFused, type Epilogue, type KernelMap } from '@tfjs-sparse/core';
import { mapDepthwiseOps } from './definition.js';

/**
 * The product behind every depthwise convolution, channel by channel: `y[out] = activation(bias + residual[out] + sum over
 * offsets k and pairs (in, out) of k of x[in] * filter[k])`.
 *
 * @param x      `[inSites, channels]`
 * @param filter `[offsets, channels]`
 * @returns      `[outSites, channels]`
 */
export function mapDepthwise(
  x: Tensor2D,
  filter: Tensor2D,
  map: KernelMap,
  { bias, residual, activation = 'linear' }: Epilogue<Tensor2D> = {},
): Tensor2D {
  return runFused(mapDepthwiseOps, { x, filter, bias, residual }, { map, activation }) as Tensor2D;
}
