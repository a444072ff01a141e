import { concat, reshape, slice, tidy, transpose, zeros, type Tensor2D, type Tensor3D, type Tensor4D } from '@tensorflow/tfjs-core'; // prettier-ignore
import { linear } from '../linear/op.js';
import { selectedBlockAttention } from '../selected-block-attention/op.js';
import type { SetAttentionWeights } from '../set-attention/op.js';
import { requireSparsifiner } from './checks.js';
import { predictKeys, type MaskPredictorOptions, type MaskPredictorWeights } from './predict-keys.js';

/** Projections as those of `setAttention`, and the mask predictor. */
export interface SparsifinerWeights extends SetAttentionWeights {
  readonly predictor: MaskPredictorWeights;
}

export interface SparsifinerOptions extends Partial<MaskPredictorOptions> {
  readonly heads: number;
  /** Keys of each query, as a share of the tokens, rounded up; default 0.25. */
  readonly keep?: number;
  /** Magnitudes of the basis up to it count as 0; default 0. */
  readonly basisThreshold?: number;
  /** Coefficients up to it count as 0, unless `coefficients` is given; default 0. */
  readonly coefficientThreshold?: number;
}

/**
 * Attention of a vision transformer whose queries see the keys that a predictor finds by few products (Sparsifiner, Wei et
 * al. 2023): the first token, the class token, sees all. Scores of attention are divided by sqrt(channels of a head), those
 * of the predictor, as published, by sqrt(heads). Gradients flow to x and the projections; the predictor, which the authors
 * train by a loss of its own, gets none.
 *
 * @param x float32 `[batches, tokens, channels]`, the class token first
 * @returns float32 like x
 * @throws RangeError or TypeError where a weight has another shape or dtype, or an option is beyond its range
 */
export function sparsifinerAttention(x: Tensor3D, weights: SparsifinerWeights, options: SparsifinerOptions): Tensor3D {
  requireSparsifiner(x, weights, options);
  const { heads, keep = 0.25, basisThreshold = 0, coefficientThreshold = 0, coefficients } = options;
  const [batches, tokens, channels] = x.shape;
  const size = channels / heads;
  return tidy(() => {
    const projected = linear(reshape(x, [batches * tokens, channels]), weights.qkv, weights.qkvBias);
    // Columns before heads: tfjs' gradient of a slice of five axes has no shader.
    const part = (i: number) => {
      const columns = slice(projected, [0, i * channels], [batches * tokens, channels]);
      return transpose(reshape(columns, [batches, tokens, heads, size]), [0, 2, 1, 3]) as Tensor4D;
    };
    const [q, k, v] = [part(0), part(1), part(2)];
    const predictor = { keep, basisThreshold, coefficientThreshold, coefficients };
    const keys = predictKeys(q, k, weights.predictor, predictor);
    const first = slice(q, [0, 0, 0, 0], [batches, heads, 1, size]);
    const others = slice(q, [0, 0, 1, 0], [batches, heads, tokens - 1, size]);
    const allKeys = zeros([batches, 1, 1, 1], 'int32') as Tensor4D; // the only block
    const attended = concat(
      [
        selectedBlockAttention(first, k, v, allKeys, { blockSize: { queries: 1, keys: tokens } }),
        selectedBlockAttention(others, k, v, keys, { blockSize: 1 }),
      ],
      2,
    );
    const rows = reshape(transpose(attended, [0, 2, 1, 3]), [batches * tokens, channels]) as Tensor2D;
    return reshape(linear(rows, weights.output, weights.outputBias), [batches, tokens, channels]) as Tensor3D;
  });
}
