import { requireRange } from '@tfjs-sparse/core';
import { keepLargest, magnitudes, type Mask, type Scores } from '../masks/keep-largest.js';
import { nonZeros } from '../model/sparsity-summary.js';
import type { SparsityMethod } from './sparsity-method.js';

/** No layer loses more than this share, as published. */
const highestSparsity = 0.995;

export interface SoftShrinkageOptions {
  /** Share of each layer's weights that is pruned, at most 0.995. */
  readonly sparsity: number;
  /** What small weights are multiplied by after every step; default 0.99, and 0 is iterative hard thresholding. */
  readonly shrink?: number;
  /** From this step on the weights that are small by then are 0 for good. */
  readonly end: number;
}

/** Small weights shrink after every step but may grow back, until the masks are fixed (ISS-P, Wang et al. 2023). */
export function iterativeSoftShrinkage({ sparsity, shrink = 0.99, end }: SoftShrinkageOptions): SparsityMethod {
  const isShare = sparsity >= 0 && sparsity <= highestSparsity;
  requireRange(isShare, 'iterativeSoftShrinkage', `sparsity must be from 0 to ${highestSparsity}`, sparsity);
  requireRange(shrink >= 0 && shrink < 1, 'iterativeSoftShrinkage', 'shrink must be in [0, 1)', shrink);
  requireRange(end >= 1, 'iterativeSoftShrinkage', 'end must be at least 1', end);
  return {
    begin: async ({ weights, step }) => {
      if (step < end) return;
      for (const weight of weights) weight.setMask(nonZeros(await weight.values()));
    },
    update: async ({ weights, step }) => {
      if (step > end) return;
      for (const weight of weights) {
        const values = await weight.values();
        const mask = softShrinkageMask(values, sparsity);
        if (step === end) weight.setMask(mask);
        else weight.setValues(softShrunk(values, mask, shrink));
      }
    },
  };
}

/** Keeps all but the `ceil(sparsity * size)` smallest weights, which are at most `floor(0.995 size)`. */
export function softShrinkageMask(weights: Scores, sparsity: number): Mask {
  requireRange(sparsity >= 0 && sparsity <= 1, 'softShrinkageMask', 'sparsity must be in [0, 1]', sparsity);
  const pruned = Math.min(Math.ceil(sparsity * weights.length), Math.trunc(highestSparsity * weights.length));
  return keepLargest(magnitudes(weights), weights.length - pruned, 'softShrinkageMask');
}

export function softShrunk(weights: Float32Array, mask: Mask, shrink: number): Float32Array {
  return weights.map((weight, i) => (mask[i] === 1 ? weight : weight * shrink));
}
