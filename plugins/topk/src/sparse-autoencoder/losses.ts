import { abs, add, div, matMul, mean, mul, norm, relu, square, sub, sum, tanh, type Scalar, type Tensor, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core'; // prettier-ignore
import { requireRange, stopGradient } from '@tfjs-sparse/core';
import { jumpStep } from '../jump-relu/op.js';
import { topK } from '../top-k/op.js';
import { auxiliaryLoss, type AuxiliaryLoss } from './auxiliary-loss.js';
import { denseCode } from './code.js';
import { decodeEntries, dictionaryOf } from './decode.js';
import { gatePreActivations } from './encode.js';
import type { Autoencoded } from './op.js';
import type { AutoencoderSettings } from './settings.js';
import { nestedReconstructions } from './nested-reconstructions.js';
import { fractionOfVarianceUnexplained, normalizedMeanSquaredError, total } from './statistics.js';
import type { AutoencoderWeights } from './weights.js';

/** What keeps a code sparse where no rank does, times `weight`. f: features, D: rows of the decoder, means over rows. */
export type SparsityLoss =
  /** mean sum |f|; of `gated` that of relu of the gate's pre-activations */
  | { readonly kind: 'l1'; readonly weight: number }
  /** mean sum |f| / |x| (openai/sparse_autoencoder) */
  | { readonly kind: 'l1OverNorm'; readonly weight: number }
  /** mean sum |f| |D| (SAELens, standard) */
  | { readonly kind: 'l1TimesDecoderNorm'; readonly weight: number }
  /** mean number of active features, of `jumpRelu` (SAELens, `step`) */
  | { readonly kind: 'l0'; readonly weight: number }
  /** (that number / target - 1)^2, of features after the jump (dictionary_learning) */
  | { readonly kind: 'l0Target'; readonly weight: number; readonly target: number }
  /** mean sum tanh(scale f |D|) (SAELens, `tanh`) */
  | { readonly kind: 'tanh'; readonly weight: number; readonly scale: number };

export interface AutoencoderLoss {
  /**
   * `sumOfSquares`: mean over rows of the sum of squared errors (SAELens, dictionary_learning; default).
   * `varianceUnexplained`: see `fractionOfVarianceUnexplained` (sparsify, openai). `normalizedPerRow`: see
   * `normalizedMeanSquaredError` (openai, `loss.py`).
   */
  readonly reconstruction?: 'sumOfSquares' | 'varianceUnexplained' | 'normalizedPerRow';
  readonly sparsity?: SparsityLoss;
  readonly auxiliary?: AuxiliaryLoss;
  /**
   * Matryoshka (Bussmann et al. 2025): the reconstruction term is the sum of those of the first `sizes[i]` features alone,
   * times `weights[i]` (default 1 each: SAELens; 1 / their number: dictionary_learning). Sizes ascend to all features.
   */
  readonly nested?: { readonly sizes: readonly number[]; readonly weights?: readonly number[] };
  /** Weight of the variance that the 4 k greatest features leave unexplained (sparsify: 1 / 8); default none. */
  readonly multiTopK?: number;
}

export interface AutoencoderLossTerms {
  readonly total: Scalar;
  readonly reconstruction: Scalar;
  readonly sparsity?: Scalar;
  readonly auxiliary?: Scalar;
  readonly multiTopK?: Scalar;
  /** Of `gated`: what the decoder, held still, makes of the gate's relu (Rajamanoharan et al. 2024a, equation 8) */
  readonly gate?: Scalar;
}

/** Whether a loss reads the pre-activations of all features. */
export function needsPreActivations({ auxiliary, multiTopK, sparsity }: AutoencoderLoss): boolean {
  return auxiliary !== undefined || multiTopK !== undefined || sparsity?.kind === 'l0';
}

/**
 * The loss of what `autoencode` made, in terms. To be called in tf.tidy, as `autoencode`.
 *
 * @param x       `[rows, width]` the input
 * @param y       `[rows, outWidth]` what the reconstruction should be: x, or of a transcoder its target
 * @param made    of `autoencode(x, ...)`, with the pre-activations where `needsPreActivations`
 * @param dead    bool `[features]`, for AuxK; null leaves it out
 */
export function autoencoderLoss(
  x: Tensor2D,
  y: Tensor2D,
  made: Autoencoded,
  weights: AutoencoderWeights,
  settings: AutoencoderSettings,
  loss: AutoencoderLoss,
  dead: Tensor1D | null,
): AutoencoderLossTerms {
  const { sparsity, auxiliary, multiTopK } = loss;
  requireLoss('autoencoderLoss', loss, settings);
  const isKnown = !needsPreActivations(loss) || made.code.preActivations !== null;
  requireRange(isKnown, 'autoencoderLoss', 'made must have pre-activations for this loss', 'none');
  const kind = loss.reconstruction ?? 'sumOfSquares';
  const terms = {
    reconstruction: nestedReconstructions(x, made, weights, settings, loss.nested)
      .map(({ reconstruction, weight }) => mul(reconstructionLoss(y, reconstruction, kind), weight) as Scalar)
      .reduce((sumSoFar, term) => add(sumSoFar, term)),
    ...(sparsity && { sparsity: sparsityLoss(x, made, weights, settings, sparsity) }),
    ...(auxiliary && dead && { auxiliary: auxiliaryLoss(y, made, weights, settings, auxiliary, dead) }),
    ...(multiTopK !== undefined && { multiTopK: multiTopKLoss(y, made, weights, settings, multiTopK) }),
    ...(settings.activation === 'gated' && { gate: gateLoss(y, made, weights, settings) }),
  };
  return { ...terms, total: Object.values(terms).reduce((sumSoFar, term) => add(sumSoFar, term)) };
}

/** @throws RangeError for a term that reads what the activation does not have */
export function requireLoss(op: string, loss: AutoencoderLoss, { activation, k }: AutoencoderSettings): void {
  const { kind } = loss.sparsity ?? {};
  const countsJumps = kind === 'l0' || kind === 'l0Target';
  const isCounted = !countsJumps || activation === 'jumpRelu';
  requireRange(isCounted, op, `the activation must be 'jumpRelu' for the sparsity '${kind}'`, activation);
  const hasCandidates = !needsPreActivations(loss) || activation !== 'gated';
  requireRange(hasCandidates, op, 'the activation must have one pre-activation for AuxK and multiTopK', activation);
  const isRanked = loss.multiTopK === undefined || k !== undefined;
  requireRange(isRanked, op, 'the activation must choose by k for multiTopK', activation);
}

function reconstructionLoss(
  y: Tensor2D,
  reconstruction: Tensor2D,
  kind: NonNullable<AutoencoderLoss['reconstruction']>,
): Scalar {
  if (kind === 'varianceUnexplained') return fractionOfVarianceUnexplained(y, reconstruction);
  if (kind === 'normalizedPerRow') return normalizedMeanSquaredError(y, reconstruction);
  return div(total(square(sub(reconstruction, y))), Math.max(y.shape[0], 1));
}

function sparsityLoss(
  x: Tensor2D,
  { code, normalized }: Autoencoded,
  weights: AutoencoderWeights,
  settings: AutoencoderSettings,
  loss: SparsityLoss,
): Scalar {
  const { threshold, decoder } = weights;
  const features = denseCode(code);
  const perRow = (values: Tensor): Scalar => div(total(values), Math.max(code.rows, 1));
  const step = (values: Tensor2D) => jumpStep(values, threshold!, { bandwidth: settings.bandwidth }) as Tensor2D;
  switch (loss.kind) {
    case 'l1': {
      const gated = settings.activation === 'gated';
      return mul(perRow(gated ? relu(gatePreActivations(normalized, weights, settings)) : abs(features)), loss.weight);
    }
    case 'l1OverNorm':
      return mul(mean(div(sum(abs(features), 1), norm(x, 'euclidean', 1))), loss.weight);
    case 'l1TimesDecoderNorm':
      return mul(perRow(abs(mul(features, norm(decoder, 'euclidean', 1)))), loss.weight);
    case 'l0':
      return mul(perRow(step(code.preActivations!)), loss.weight);
    case 'l0Target':
      return mul(square(sub(div(perRow(step(features)), loss.target), 1)), loss.weight);
    case 'tanh':
      return mul(perRow(tanh(mul(mul(features, norm(decoder, 'euclidean', 1)), loss.scale))), loss.weight);
  }
}

/** Trains the decoder alone, as sparsify's does. */
function multiTopKLoss(
  y: Tensor2D,
  { code, restore }: Autoencoded,
  weights: AutoencoderWeights,
  settings: AutoencoderSettings,
  weight: number,
): Scalar {
  const k = Math.min(Math.floor(4 * settings.k!), code.features); // the k of batchTopK may be a fraction
  const entries = topK(stopGradient(relu(code.preActivations!)), { k });
  const decoded = restore(decodeEntries(entries, dictionaryOf(weights, settings), weights.decoderBias));
  return mul(fractionOfVarianceUnexplained(y, decoded), weight);
}

function gateLoss(
  y: Tensor2D,
  { normalized, restore }: Autoencoded,
  weights: AutoencoderWeights,
  settings: AutoencoderSettings,
): Scalar {
  const gate = relu(gatePreActivations(normalized, weights, settings));
  const decoded: Tensor2D = matMul(gate, stopGradient(dictionaryOf(weights, settings)));
  const { decoderBias } = weights;
  const reconstruction = restore(decoderBias ? add(decoded, stopGradient(decoderBias)) : decoded);
  return div(total(square(sub(reconstruction, y))), Math.max(y.shape[0], 1));
}
