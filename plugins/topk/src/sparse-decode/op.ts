import { tidy, reshape, type Tensor, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import { runOp } from '@tfjs-sparse/core';
import { layoutOf, requireEntries, requireWidth } from '../dictionary-products/operands.js';
import { sparseDecodeOp } from '../dictionary-products/definitions.js';
import type { KSparse } from '../k-sparse/k-sparse.js';

export interface SparseDecodeOptions {
  /** float32 `[width]`, added to every row; default none. */
  readonly bias?: Tensor1D;
  /**
   * For entries of several rows in one list, as `batchTopK` gives them: how many rows there are. The indices are then
   * row * features + feature and ascend. Default: every row of `values` and `indices` has its own.
   */
  readonly rows?: number;
}

/**
 * `y[row] = bias + sum of value * dictionary[feature]` over the entries of a row: the decoder of a sparse autoencoder, a
 * product of k-sparse rows with a dictionary that reads k of its rows (torch's embedding_bag with weights). Gradients go to
 * the values, the dictionary (dense, in the same bits at every run) and the bias.
 *
 * Of indices that only a GPU knows, those that are no feature count as -1: none.
 *
 * @param entries    values and indices `[..., k]`, or `[entries]` with `rows`
 * @param dictionary float32 `[features, width]`
 * @returns          `[..., width]`, or `[rows, width]` with `rows`
 * @throws RangeError where shapes do not fit each other, an index is below -1 or no feature, or those of a list do not
 *         ascend; TypeError for other than float32 and int32
 */
export function sparseDecode(entries: KSparse, dictionary: Tensor2D, options: SparseDecodeOptions = {}): Tensor {
  const { values, indices } = entries;
  const { bias, rows } = options;
  const layout = layoutOf('sparseDecode', indices, dictionary, rows);
  requireEntries('sparseDecode', entries);
  requireWidth('sparseDecode', 'bias', bias, dictionary.shape[1], 'width');
  return tidy(() => {
    const [flatValues, flatIndices] = [values, indices].map((each) => reshape(each, [each.size]));
    const { y } = runOp(sparseDecodeOp, { values: flatValues, indices: flatIndices, dictionary, bias }, { layout });
    return rows === undefined ? reshape(y, [...indices.shape.slice(0, -1), dictionary.shape[1]]) : y;
  });
}
