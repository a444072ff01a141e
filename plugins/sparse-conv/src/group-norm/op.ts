import { requireRange, type SparseTensor } from '@tfjs-sparse/core';
import { normalizeClouds, type CloudNormOptions } from './normalize-clouds.js';

export interface GroupNormOptions extends CloudNormOptions {
  /** Groups of neighbouring channels; divides the channels. */
  readonly groups: number;
}

/**
 * Normalizes every group of channels over the sites of each cloud:
 * `(x - mean) / sqrt(variance + epsilon) * scale + offset` with the mean and the biased variance of the group in the
 * cloud (torchsparse GroupNorm; Wu and He 2018).
 *
 * @param x features `[sites, channels]`
 * @returns the sites of `x` with features `[sites, channels]`
 */
export function groupNorm(x: SparseTensor, options: GroupNormOptions): SparseTensor {
  const { groups } = options;
  requireRange(
    Number.isInteger(groups) && groups >= 1 && x.channels % groups === 0,
    'groupNorm',
    `groups must be an integer that divides the ${x.channels} channels`,
    groups,
  );
  return normalizeClouds('groupNorm', x, groups, options);
}
