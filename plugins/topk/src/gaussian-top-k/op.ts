import { tidy, add, mean, mul, relu, sqrt, square, sub, type Tensor } from '@tensorflow/tfjs-core';
import { requireRange } from '@tfjs-sparse/core';
import { requireRows } from '../top-k/op.js';
import { normalQuantile } from './normal-quantile.js';

export interface GaussianTopKOptions {
  /** The share of a row that shall stay, above 0 and below 1, if the row is normally distributed. */
  readonly share: number;
}

/**
 * `relu(x - (mean + z * deviation))` with the mean and the population deviation of each row, and the z above which `share`
 * of a normal distribution lies: the statistical top-k of Gemma 3n (`_gaussian_topk`), which needs no selection. The
 * gradient goes through the mean and the deviation too.
 *
 * @param x float32 `[..., width]`
 * @returns `[..., width]`
 * @throws RangeError unless 0 < share < 1 and x has an axis of at least one element; TypeError for other than float32
 */
export function gaussianTopK(x: Tensor, { share }: GaussianTopKOptions): Tensor {
  requireRows('gaussianTopK', x);
  requireRange(share > 0 && share < 1, 'gaussianTopK', 'share must be above 0 and below 1', share);
  requireRange(x.shape[x.rank - 1] > 0, 'gaussianTopK', 'the last axis of x must not be empty', x.shape);
  return tidy(() => {
    const centre = mean(x, -1, true);
    const deviation = sqrt(mean(square(sub(x, centre)), -1, true));
    return relu(sub(x, add(centre, mul(deviation, normalQuantile(1 - share)))));
  });
}
