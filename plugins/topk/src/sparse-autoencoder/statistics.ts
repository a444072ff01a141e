import {
  cast,
  div,
  greater,
  mean,
  square,
  sub,
  sum,
  tidy,
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { columnSums, requireRange } from '@tfjs-sparse/core';
import { denseCode, type AutoencoderCode } from './code.js';

/** Sum of all elements; over the rows in blocks, so that many of them lose no digits. */
export function total(x: Tensor): Scalar {
  return tidy(() => sum(columnSums(x as Tensor2D)));
}

/**
 * The share of y's variance that a reconstruction leaves: sum (r - y)^2 / sum (y - mean over rows of y)^2 (FVU; the loss
 * of EleutherAI/sparsify, and openai/sparse_autoencoder's MSE over its scale). 0 is perfect, 1 as good as the mean.
 *
 * @param y              `[rows, width]`
 * @param reconstruction `[rows, width]`
 */
export function fractionOfVarianceUnexplained(y: Tensor2D, reconstruction: Tensor2D): Scalar {
  requireSameShape('fractionOfVarianceUnexplained', y, reconstruction);
  return tidy(() => div(total(square(sub(reconstruction, y))), total(square(sub(y, rowMean(y))))));
}

/** Mean over rows of mean (r - y)^2 / mean y^2 (`normalized_mean_squared_error` of openai/sparse_autoencoder). */
export function normalizedMeanSquaredError(y: Tensor2D, reconstruction: Tensor2D): Scalar {
  requireSameShape('normalizedMeanSquaredError', y, reconstruction);
  return tidy(() => mean(div(mean(square(sub(reconstruction, y)), 1), mean(square(y), 1))));
}

/** How many features of a row are above 0, on average over the rows. */
export function meanL0(code: AutoencoderCode): Scalar {
  const values = code.entries?.values ?? code.dense!;
  return tidy(() => div(sum(cast(greater(values, 0), 'int32')), Math.max(code.rows, 1)));
}

/** `[features]`: in how many rows each feature is above 0. */
export function firingCounts(code: AutoencoderCode): Tensor1D {
  return tidy(() => columnSums(cast(greater(denseCode(code), 0), 'float32') as Tensor2D));
}

/** `[width]` */
export function rowMean(x: Tensor2D): Tensor1D {
  return tidy(() => div(columnSums(x), Math.max(x.shape[0], 1)));
}

function requireSameShape(op: string, y: Tensor, reconstruction: Tensor): void {
  const isFitting = y.rank === 2 && y.shape.join() === reconstruction.shape.join();
  requireRange(isFitting, op, `reconstruction must be [${y.shape.join(', ')}] (as y)`, reconstruction.shape);
}
