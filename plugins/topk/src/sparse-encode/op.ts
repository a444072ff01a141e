import { tidy, reshape, type Tensor, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import { requireRange, requireType, runOp } from '@tfjs-sparse/core';
import { sparseEncodeOp } from '../dictionary-products/definitions.js';
import { layoutOf, requireWidth } from '../dictionary-products/operands.js';

export interface SparseEncodeOptions {
  /** float32 `[features]`; default none. */
  readonly bias?: Tensor1D;
  /** See `SparseDecodeOptions`. */
  readonly rows?: number;
}

/**
 * `value = x[row] * dictionary[feature] + bias[feature]` of chosen features only: the pre-activations of the features that
 * `indices` list, without those of the others. Gradients go to x, the dictionary and the bias.
 *
 * @param x          float32 `[..., width]`
 * @param dictionary float32 `[features, width]`: the encoder's weights, a row per feature
 * @param indices    int32 `[..., k]`, -1 for none; or `[entries]` with `rows`
 * @returns          as `indices`; 0 where the index is -1
 * @throws RangeError where shapes do not fit each other, an index is below -1 or no feature, or those of a list do not
 *         ascend; TypeError for other than float32 and int32
 */
export function sparseEncode(
  x: Tensor,
  dictionary: Tensor2D,
  indices: Tensor,
  { bias, rows }: SparseEncodeOptions = {},
): Tensor {
  const layout = layoutOf('sparseEncode', indices, dictionary, rows);
  const [features, width] = dictionary.shape;
  requireType(x.dtype === 'float32', 'sparseEncode', 'x must be float32', x.dtype);
  const shape = [...(rows === undefined ? indices.shape.slice(0, -1) : [rows]), width];
  const isFitting = x.shape.join() === shape.join();
  requireRange(isFitting, 'sparseEncode', `x must be [${shape.join(', ')}] (as indices and dictionary)`, x.shape);
  requireWidth('sparseEncode', 'bias', bias, features, 'features');
  return tidy(() => {
    const flat = reshape(indices, [indices.size]);
    const inputs = { x: reshape(x, [layout.rows, width]), dictionary, indices: flat, bias };
    return reshape(runOp(sparseEncodeOp, inputs, { layout }).values, indices.shape);
  });
}
