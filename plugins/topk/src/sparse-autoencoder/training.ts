import { tidy, add, cast, greater, less, matMul, minimum, mul, abs, norm, sub, sum, where, zerosLike, div, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core'; // prettier-ignore
import { stopGradient } from '@tfjs-sparse/core';
import { kSparseToDense } from '../to-dense/op.js';
import { topK } from '../top-k/op.js';
import type { AutoencoderCode } from './code.js';
import { firingCounts } from './statistics.js';

const mostTokens = 2 ** 24; // float32 counts no further

/**
 * How many rows each feature has not been above 0 for.
 *
 * @param tokens float32 `[features]`, before the rows of `code`
 */
export function tokensSinceFired(tokens: Tensor1D, code: AutoencoderCode): Tensor1D {
  return tidy(() => {
    const isActive = greater(firingCounts(code), 0);
    return where(isActive, zerosLike(tokens), minimum(add(tokens, code.rows), mostTokens)) as Tensor1D;
  });
}

export interface UnderusedOptions {
  /** Of Zipf's law; default 1. */
  readonly exponent?: number;
  /** The share of what it expects below which a feature is underused; default 0.5. */
  readonly share?: number;
}

/**
 * Features that fire less often than Zipf's law lets a feature of their rank expect: those that `aux_zipf_loss` (Ayonrinde
 * 2024) gives a second chance to, as the `dead` ones of AuxK. The paper prints no formula; here the feature of rank r is
 * expected to have `1 / r^exponent` of all firings, over the sum of these shares.
 *
 * @param counts float32 `[features]`: how often each fired
 * @returns      bool `[features]`
 */
export function underusedFeatures(counts: Tensor1D, { exponent = 1, share = 0.5 }: UnderusedOptions = {}): Tensor1D {
  const features = counts.shape[0];
  const zipf = Array.from({ length: features }, (_, rank) => (rank + 1) ** -exponent);
  const all = zipf.reduce((sumSoFar, each) => sumSoFar + each, 0);
  return tidy(() => {
    const { values, indices } = topK(counts, { k: features });
    const expected = mul(
      sum(values),
      zipf.map((each) => (share * each) / all),
    );
    const isUnderused = cast(less(values, expected), 'float32');
    return greater(kSparseToDense({ values: isUnderused, indices }, { width: features }), 0) as Tensor1D;
  });
}

/**
 * The decoder, whose gradient loses what would only lengthen or shorten its rows: g - (g * D) D for rows of length 1
 * (openai/sparse_autoencoder's `unit_norm_decoder_grad_adjustment_`, dictionary_learning's
 * `remove_gradient_parallel_to_decoder_directions`; there D is divided by its length first, as here).
 *
 * @param decoder `[features, width]`
 */
export function removeParallelGradient(decoder: Tensor2D): Tensor2D {
  return tidy(() => {
    const still = stopGradient(decoder);
    const unit = div(still, norm(still, 'euclidean', 1, true));
    const parallel = mul(unit, sum(mul(decoder, unit), 1, true));
    return add(decoder, sub(stopGradient(parallel), parallel)); // adds 0: the value is the decoder's to the bit
  });
}

/**
 * What a gradient SAE chooses by (Olmo et al. 2024, "Features that Make a Difference"): activations times
 * `1 + beta * |how the loss changes along the feature's row|`. `topK` of the scores gives the features, `takeEntries` their
 * activations. The published beta is not known; 1 weighs size and effect alike.
 *
 * @param activations `[rows, features]`
 * @param gradient    `[rows, width]` of the loss to the input
 * @param decoder     `[features, width]`
 */
export function gradientScores(activations: Tensor2D, gradient: Tensor2D, decoder: Tensor2D, beta = 1): Tensor2D {
  return tidy(() => {
    const effect = abs(matMul(gradient, decoder, false, true));
    return mul(activations, add(mul(effect, beta), 1));
  });
}
