import { reshape, tidy, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import { requireRange, requireType, runOp } from '@tfjs-sparse/core';
import { layerNormOp } from './definition.js';

export interface LayerNormOptions {
  /** Added to the variance; default 1e-5, torch's. */
  readonly epsilon?: number;
}

/**
 * Layer normalization over the last axis (Ba et al. 2016): `(x - mean) / sqrt(variance + epsilon) * scale + offset` with the
 * variance of all channels, torch's layer_norm, in one pass over memory. Gradients flow to x, scale and offset; these have
 * none of their own.
 *
 * @param x      float32 `[..., channels]`
 * @param scale  float32 `[channels]`, torch's weight
 * @param offset float32 `[channels]`, torch's bias
 * @returns      float32 like x
 * @throws RangeError where scale or offset has not the channels of x, or epsilon is below 0; TypeError for other than float32
 */
export function layerNorm<T extends Tensor>(
  x: T,
  scale: Tensor1D,
  offset: Tensor1D,
  { epsilon = 1e-5 }: LayerNormOptions = {},
): T {
  for (const [name, tensor] of Object.entries({ x, scale, offset }))
    requireType(tensor.dtype === 'float32', op, `${name} must be float32`, tensor.dtype);
  const channels = x.shape[x.rank - 1] ?? 0;
  requireRange(channels > 0, op, 'x must be [..., channels]', x.shape);
  for (const [name, tensor] of Object.entries({ scale, offset }))
    requireRange(
      tensor.shape.join() === String(channels),
      op,
      `${name} must be [${channels}] (channels of x)`,
      tensor.shape,
    );
  requireRange(epsilon >= 0, op, 'epsilon must be at least 0', epsilon);
  return tidy(() => {
    const rows = reshape(x, [x.size / channels, channels]);
    return reshape(runOp(layerNormOp, { x: rows, scale, offset }, { epsilon }).y, x.shape) as T;
  });
}

const op = 'layerNorm';
