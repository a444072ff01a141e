import { add, broadcastTo, exp, greater, matMul, mul, norm, relu, sub, where, zerosLike, type Tensor, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core'; // prettier-ignore
import { stopGradient } from '@tfjs-sparse/core';
import { batchTopK } from '../batch-top-k/op.js';
import { encodeTopK } from '../encode-top-k/op.js';
import { straightThrough } from '../gradients/straight-through.js';
import { groupMax } from '../group-max/op.js';
import { jumpReLU } from '../jump-relu/op.js';
import type { KSparse } from '../k-sparse/k-sparse.js';
import { sparseEncode } from '../sparse-encode/op.js';
import { takeEntries } from '../to-dense/op.js';
import { topK } from '../top-k/op.js';
import type { AutoencoderCode } from './code.js';
import { choosesK, type AutoencoderSettings } from './settings.js';
import type { AutoencoderWeights } from './weights.js';

/**
 * @param x                   `[rows, width]`, normalised
 * @param wantsPreActivations whether something besides the choice reads them
 * @param given               `[rows, k]` features in place of a choice by rank
 */
export function encode(
  x: Tensor2D,
  weights: AutoencoderWeights,
  settings: AutoencoderSettings,
  wantsPreActivations: boolean,
  given?: Tensor2D,
): AutoencoderCode {
  const { encoder, decoder, encoderBias, decoderBias } = weights;
  const { activation, k, rectify = 'after', subtractsDecoderBias = true, rescalesByDecoderNorm = false } = settings;
  const rows = x.shape[0];
  const features = encoder.shape[0];
  const input: Tensor2D = subtractsDecoderBias && decoderBias ? sub(x, decoderBias) : x;
  if (given) {
    const products = sparseEncode(input, encoder, given, { bias: encoderBias });
    const lengths = rescalesByDecoderNorm ? takeEntries(broadcastTo(norm(decoder, 'euclidean', 1), [rows, features]), given) : 1; // prettier-ignore
    const entries = { values: rectified(mul(products, lengths), settings), indices: given };
    return { ...none, rows, features, entries };
  }
  // Which of the features that are not above 0 fill a row up shows in the gradient alone.
  const isFused =
    activation === 'topK' &&
    !wantsPreActivations &&
    !rescalesByDecoderNorm &&
    (rectify === 'after' || settings.gradient !== 'straightThrough');
  if (isFused) {
    const { values, indices } = encodeTopK(input, encoder, { k: k!, bias: encoderBias });
    const entries = { values: rectified(values, settings), indices };
    return { rows, features, entries, isList: false, dense: null, preActivations: null };
  }
  const products: Tensor2D = matMul(input, encoder, false, true);
  if (activation === 'gated') return { ...none, rows, features, dense: gatedCode(products, weights) };
  const biased: Tensor2D = encoderBias ? add(products, encoderBias) : products;
  const preActivations: Tensor2D = rescalesByDecoderNorm ? mul(biased, norm(decoder, 'euclidean', 1)) : biased;
  const code = { ...none, rows, features, preActivations };
  if (!choosesK(activation)) return { ...code, dense: openCode(preActivations, weights, settings) };
  return { ...code, entries: chosen(preActivations, settings), isList: activation === 'batchTopK' };
}

const none = { entries: null, isList: false, dense: null, preActivations: null };

function openCode(preActivations: Tensor2D, { threshold }: AutoencoderWeights, settings: AutoencoderSettings) {
  if (settings.activation === 'relu') return relu(preActivations);
  return jumpReLU(preActivations, threshold!, { bandwidth: settings.bandwidth }) as Tensor2D;
}

/** relu(exp(scale) * product + magnitude bias) where product + gate bias is above 0. */
function gatedCode(products: Tensor2D, weights: AutoencoderWeights): Tensor2D {
  const { gateBias, magnitudeBias, magnitudeScale } = weights;
  const magnitude = relu(add(mul(products, exp(magnitudeScale!)), magnitudeBias!));
  return where(greater(stopGradient(add(products, gateBias!)), 0), magnitude, zerosLike(magnitude)) as Tensor2D;
}

function chosen(preActivations: Tensor2D, settings: AutoencoderSettings): KSparse {
  const { activation, rectify = 'after' } = settings;
  const k = settings.k!;
  const candidates = rectify === 'before' || activation === 'batchTopK' ? relu(preActivations) : preActivations;
  if (activation === 'batchTopK') return batchTopK(candidates, { k });
  const { values, indices } = activation === 'topK' ? topK(candidates, { k }) : groupMax(candidates, { k });
  if (settings.gradient !== 'straightThrough') return { values: relu(values), indices };
  return { values: rectified(takeEntries(preActivations, indices), settings), indices };
}

function rectified(values: Tensor, { gradient }: AutoencoderSettings): Tensor {
  return gradient === 'straightThrough' ? straightThrough(values, relu) : relu(values);
}

/** What the gate of `gated` sees: `x * encoder + gate bias`. */
export function gatePreActivations(
  x: Tensor2D,
  { encoder, decoderBias, gateBias }: AutoencoderWeights,
  { subtractsDecoderBias = true }: AutoencoderSettings,
): Tensor2D {
  const input: Tensor2D = subtractsDecoderBias && decoderBias ? sub(x, decoderBias) : x;
  return add(matMul(input, encoder, false, true), gateBias as Tensor1D);
}
