import type { SparseTensor } from '@tfjs-sparse/core';
import { normalizeClouds, type CloudNormOptions } from '../group-norm/normalize-clouds.js';

export type InstanceNormOptions = CloudNormOptions;

/**
 * Normalizes every channel over the sites of each cloud: `(x - mean) / sqrt(variance + epsilon) * scale + offset` with
 * the mean and the biased variance of the cloud (MinkowskiInstanceNorm, torchsparse InstanceNorm; Ulyanov et al. 2016).
 *
 * @param x features `[sites, channels]`
 * @returns the sites of `x` with features `[sites, channels]`
 */
export function instanceNorm(x: SparseTensor, options: InstanceNormOptions = {}): SparseTensor {
  return normalizeClouds('instanceNorm', x, x.channels, options);
}
