import { add, mul, rsqrt, square, sub, tensor2d, tidy, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import { gatherRows, requireRange, sumRows, type SparseTensor } from '@tfjs-sparse/core';
import { cloudRows } from '../cloud-rows.js';

export interface InstanceNormOptions {
  /** Added to the variance, 0 or more; default 0.001, as tf.batchNorm. */
  readonly epsilon?: number;
  /** `[channels]`, default 1. */
  readonly scale?: Tensor1D;
  /** `[channels]`, default 0. */
  readonly offset?: Tensor1D;
}

/**
 * Normalizes every channel over the sites of each cloud: `(x - mean) / sqrt(variance + epsilon) * scale + offset` with
 * the mean and the biased variance of the cloud (MinkowskiInstanceNorm, torchsparse InstanceNorm; Ulyanov et al. 2016).
 *
 * @param x features `[sites, channels]`
 * @returns the sites of `x` with features `[sites, channels]`
 */
export function instanceNorm(x: SparseTensor, options: InstanceNormOptions = {}): SparseTensor {
  const { epsilon = 1e-3, scale, offset } = options;
  requireRange(epsilon >= 0, 'instanceNorm', 'epsilon must be 0 or more', epsilon);
  for (const [name, vector] of Object.entries({ scale, offset })) {
    requireRange(
      !vector || (vector.rank === 1 && vector.shape[0] === x.channels),
      'instanceNorm',
      `${name} must have shape [${x.channels}] (as the channels of x)`,
      vector?.shape,
    );
  }
  const features = tidy(() => {
    const rows = cloudRows(x.map);
    const { batchStarts } = x.map;
    const weights = batchStarts.subarray(1).map((end, cloud) => Math.max(end - batchStarts[cloud], 1));
    const share = tensor2d(
      Float32Array.from(weights, (sites) => 1 / sites),
      [weights.length, 1],
    );
    const ofSites = (values: Tensor2D) => gatherRows(mul(sumRows(values, rows), share), rows);
    const centred = sub(x.features, ofSites(x.features));
    let y = mul(centred, rsqrt(add(ofSites(square(centred) as Tensor2D), epsilon)));
    if (scale) y = mul(y, scale);
    return (offset ? add(y, offset) : y) as Tensor2D;
  });
  return x.withFeatures(features);
}
