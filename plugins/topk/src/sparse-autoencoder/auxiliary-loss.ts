import { add, cast, div, fill, greater, isFinite, minimum, mul, relu, square, sub, sum, where, zerosLike, type Scalar, type Tensor, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core'; // prettier-ignore
import { stopGradient } from '@tfjs-sparse/core';
import { topK } from '../top-k/op.js';
import { decodeEntries, dictionaryOf } from './decode.js';
import type { Autoencoded } from './op.js';
import type { AutoencoderSettings } from './settings.js';
import { fractionOfVarianceUnexplained, rowMean, total } from './statistics.js';
import type { AutoencoderWeights } from './weights.js';

export type AutoencoderLibrary = 'openai' | 'sparsify' | 'saeLens' | 'dictionaryLearning';

/**
 * AuxK (Gao et al. 2024, appendix A.2): the greatest dead features of each row shall predict what the reconstruction left
 * over. The libraries differ in what they decode and how they scale it:
 *
 * | library | values | decoded with the bias | error, divided by | times | gradient to the encoder |
 * |---|---|---|---|---|---|
 * | `openai` | pre-activations, of live features 0 | yes, as its target | variance of the target | | yes |
 * | `sparsify` | after relu | yes | variance of y | min(dead / (width / 2), 1) | no |
 * | `dictionaryLearning` | after relu | no | variance of the residual | | yes |
 * | `saeLens` | pre-activations | yes | rows | min(dead / (width / 2), 1) | yes |
 */
export interface AuxiliaryLoss {
  readonly library: AutoencoderLibrary;
  /** Dead features of a row at most; default half the output's width, rounded down. */
  readonly k?: number;
  /** What the loss is multiplied with; default 1 / 32. */
  readonly weight?: number;
}

/** @param dead bool `[features]` */
export function auxiliaryLoss(
  y: Tensor2D,
  { code, reconstruction }: Autoencoded,
  weights: AutoencoderWeights,
  settings: AutoencoderSettings,
  { library, k, weight = 1 / 32 }: AuxiliaryLoss,
  dead: Tensor1D,
): Scalar {
  const half = Math.floor(y.shape[1] / 2);
  const isAfterRelu = library === 'sparsify' || library === 'dictionaryLearning';
  const preActivations = code.preActivations!;
  const candidates = isAfterRelu ? relu(preActivations) : preActivations;
  const live = library === 'openai' ? 0 : -Infinity; // openai multiplies by the mask: negative ones come after 0
  const entries = greatestDead(library === 'sparsify' ? stopGradient(candidates) : candidates, dead, live, k ?? half);
  const { decoderBias } = weights;
  const bias = library === 'dictionaryLearning' ? undefined : decoderBias;
  const decoded = decodeEntries(entries, dictionaryOf(weights, settings), bias);
  const residual = stopGradient(sub(y, reconstruction) as Tensor2D);
  const loss = scaledError(library, y, residual, decoded, decoderBias);
  if (library === 'openai' || library === 'dictionaryLearning') return mul(loss, weight);
  const deadCount = sum(cast(dead, 'float32'));
  return mul(mul(loss, minimum(div(deadCount, half), 1)), weight);
}

function scaledError(
  library: AutoencoderLibrary,
  y: Tensor2D,
  residual: Tensor2D,
  decoded: Tensor2D,
  decoderBias: Tensor1D | undefined,
): Scalar {
  if (library === 'openai') {
    const target = decoderBias ? (add(residual, stopGradient(decoderBias)) as Tensor2D) : residual;
    return fractionOfVarianceUnexplained(target, decoded);
  }
  const error = total(square(sub(decoded, residual)));
  if (library === 'saeLens') return div(error, y.shape[0]);
  const reference = library === 'sparsify' ? y : residual;
  const variance = total(square(sub(reference, rowMean(reference))));
  return where(greater(stopGradient(variance), 0), div(error, variance), zerosLike(error)) as Scalar;
}

/** The k greatest dead features of each row; where fewer are dead, values of 0. */
function greatestDead(candidates: Tensor, dead: Tensor1D, live: number, k: number) {
  const { values, indices } = topK(where(dead, candidates, fill(candidates.shape, live)), { k });
  return { values: where(isFinite(stopGradient(values)), values, zerosLike(values)), indices };
}
