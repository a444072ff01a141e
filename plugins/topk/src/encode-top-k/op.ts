import { tidy, reshape, type Tensor, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import { requireRange, requireType, runOp } from '@tfjs-sparse/core';
import { requireWidth } from '../dictionary-products/operands.js';
import type { KSparse } from '../k-sparse/k-sparse.js';
import { rowsOf } from '../k-sparse/rows-of.js';
import { requireRows } from '../top-k/op.js';
import { encodeTopKOp } from './definition.js';

export interface EncodeTopKOptions {
  /** How many features of each row, 0 to all. */
  readonly k: number;
  /** float32 `[features]`; default none. */
  readonly bias?: Tensor1D;
}

/**
 * The k greatest pre-activations `x * dictionary[feature] + bias[feature]` of each row: the encoder of a TopK sparse
 * autoencoder (Gao et al. 2024) without its `[..., features]`. A block of features after the other is multiplied, and what
 * does not exceed the k-th greatest so far is forgotten. Ties and NaN as in `topK`. Gradients of `values` go through the
 * chosen features to x, the dictionary and the bias.
 *
 * @param x          float32 `[..., width]`
 * @param dictionary float32 `[features, width]`: the encoder's weights, a row per feature
 * @returns          `[..., k]` each: the values in descending order, and their features
 * @throws RangeError where shapes do not fit each other or k is no integer from 0 to features; TypeError for other than
 *         float32
 */
export function encodeTopK(x: Tensor, dictionary: Tensor2D, { k, bias }: EncodeTopKOptions): KSparse {
  requireRows('encodeTopK', x);
  requireType(dictionary.dtype === 'float32', 'encodeTopK', 'dictionary must be float32', dictionary.dtype);
  requireRange(dictionary.rank === 2, 'encodeTopK', 'dictionary must be [features, width]', dictionary.shape);
  const [features, width] = dictionary.shape;
  const last = x.shape[x.rank - 1];
  requireRange(last === width, 'encodeTopK', `the last axis of x must be ${width} (width of dictionary)`, last);
  const isCount = Number.isInteger(k) && k >= 0 && k <= features;
  requireRange(isCount, 'encodeTopK', `k must be an integer from 0 to ${features} (rows of dictionary)`, k);
  requireWidth('encodeTopK', 'bias', bias, features, 'features');
  const rows = rowsOf(x.shape);
  return tidy(() => {
    const inputs = { x: reshape(x, [rows, width]), dictionary, bias };
    const { values, indices } = runOp(encodeTopKOp, inputs, { layout: { rows, features, k } });
    const shape = [...x.shape.slice(0, -1), k];
    return { values: reshape(values, shape), indices: reshape(indices, shape) };
  });
}
