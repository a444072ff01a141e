import { add, matMul, type Tensor2D } from '@tensorflow/tfjs-core';
import { requireRange, requireType } from '@tfjs-sparse/core';
import type { AutoencoderCode } from './code.js';
import { decode } from './decode.js';
import { encode } from './encode.js';
import { normalize } from './normalization.js';
import { requireSettings, type AutoencoderSettings } from './settings.js';
import { requireWeights, type AutoencoderWeights } from './weights.js';

export interface AutoencodeOptions {
  /** Whether `code` shall have the pre-activations; default false: `topK` then needs no `[rows, features]`. */
  readonly withPreActivations?: boolean;
  /**
   * int32 `[rows, k]`: the features of each row, -1 for none, instead of the choice that `topK` and `groupMax` make; their
   * pre-activations alone are computed.
   */
  readonly chosen?: Tensor2D;
}

export interface Autoencoded {
  readonly code: AutoencoderCode;
  /** `[rows, outWidth]` */
  readonly reconstruction: Tensor2D;
  /** `[rows, width]`: the input after its normalisation */
  readonly normalized: Tensor2D;
  /** Brings what the decoder makes into the units of the input: the inverse of the normalisation. */
  readonly restore: (decoded: Tensor2D) => Tensor2D;
}

/**
 * The active features of some rows, and what the decoder makes of them: the forward pass of sparse autoencoders and
 * transcoders in all settings of openai/sparse_autoencoder, SAELens, EleutherAI/sparsify and dictionary_learning.
 * Gradients go to the input and every weight. Called in tf.tidy: what it makes on the way lives as long as its results.
 *
 * @param x float32 `[rows, width]`
 * @throws RangeError for settings and weights that do not fit each other; TypeError for other than float32
 */
export function autoencode(
  x: Tensor2D,
  weights: AutoencoderWeights,
  settings: AutoencoderSettings,
  { withPreActivations = false, chosen }: AutoencodeOptions = {},
): Autoencoded {
  const [features, width] = weights.encoder.shape;
  requireType(x.dtype === 'float32', 'autoencode', 'x must be float32', x.dtype);
  const isFitting = x.rank === 2 && x.shape[1] === width;
  requireRange(isFitting, 'autoencode', `x must be [rows, ${width}] (width of encoder)`, x.shape);
  requireSettings('autoencode', settings, features);
  requireWeights('autoencode', weights, settings.activation);
  const isRanked = settings.activation === 'topK' || settings.activation === 'groupMax';
  requireRange(!chosen || isRanked, 'autoencode', "chosen must go with the activation 'topK' or 'groupMax'", settings.activation); // prettier-ignore
  requireRange(!chosen || !withPreActivations, 'autoencode', 'chosen must go without withPreActivations', true);
  const normalized = normalize(x, settings.normalization ?? 'none');
  const code = encode(normalized.x, weights, settings, withPreActivations, chosen);
  const restore = (decoded: Tensor2D) => normalized.restore(decoded) as Tensor2D;
  const decoded = restore(decode(code, weights, settings));
  const { skip } = weights;
  const reconstruction: Tensor2D = skip ? add(decoded, matMul(x, skip, false, true)) : decoded;
  return { code, reconstruction, normalized: normalized.x, restore };
}
