import { add, div, matMul, norm, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import type { KSparse } from '../k-sparse/k-sparse.js';
import { sparseDecode } from '../sparse-decode/op.js';
import type { AutoencoderCode } from './code.js';
import type { AutoencoderSettings } from './settings.js';
import type { AutoencoderWeights } from './weights.js';

/** What the decoder makes of a code, before the normalisation is undone and without the skip connection. */
export function decode(code: AutoencoderCode, weights: AutoencoderWeights, settings: AutoencoderSettings): Tensor2D {
  return decodeWith(code, dictionaryOf(weights, settings), weights.decoderBias);
}

export function decodeWith(code: AutoencoderCode, dictionary: Tensor2D, bias: Tensor1D | undefined): Tensor2D {
  if (code.entries) return decodeEntries(code.entries, dictionary, bias, code.isList ? code.rows : undefined);
  const product: Tensor2D = matMul(code.dense!, dictionary);
  return bias ? add(product, bias) : product;
}

export function decodeEntries(
  entries: KSparse,
  dictionary: Tensor2D,
  bias: Tensor1D | undefined,
  rows?: number,
): Tensor2D {
  return sparseDecode(entries, dictionary, { bias, rows }) as Tensor2D;
}

/** The decoder, with rows of length 1 where features compete as if they had it. */
export function dictionaryOf(
  { decoder }: AutoencoderWeights,
  { rescalesByDecoderNorm }: AutoencoderSettings,
): Tensor2D {
  return rescalesByDecoderNorm ? div(decoder, norm(decoder, 'euclidean', 1, true)) : decoder;
}
