import { abs, add, fill, greater, matMul, reshape, slice, softmax, tidy, topk, transpose, where, zerosLike, mul, greaterEqual, type Tensor, type Tensor1D, type Tensor2D, type Tensor3D, type Tensor4D } from '@tensorflow/tfjs-core'; // prettier-ignore
import { stopGradient } from '@tfjs-sparse/core';

/** Of the mask predictor; its products are with torch's weights transposed. */
export interface MaskPredictorWeights {
  /** float32 `[headChannels, reduced]` and `[reduced]`: proj_c_q. */
  readonly query: Tensor2D;
  readonly queryBias: Tensor1D;
  /** The same of keys: proj_c_k. */
  readonly key: Tensor2D;
  readonly keyBias: Tensor1D;
  /** float32 `[tokens, basis]`: proj_n, which combines tokens. */
  readonly combine: Tensor2D;
  /** float32 `[tokens, basis]`: proj_back_n, whose magnitudes are the basis. */
  readonly basis: Tensor2D;
}

export interface MaskPredictorOptions {
  /** Keys of each query, as a share of the tokens, rounded up. */
  readonly keep: number;
  /** Magnitudes of the basis up to it count as 0. */
  readonly basisThreshold: number;
  /** Coefficients up to it count as 0, unless `coefficients` is given. */
  readonly coefficientThreshold: number;
  /** How many coefficients of a query count. */
  readonly coefficients?: number;
}

/**
 * The keys that each query but the first is predicted to attend to most (Sparsifiner, Wei et al. 2023, section 3.2): its
 * attention is approximated by a sparse combination of a sparse basis.
 *
 * @param q `[batches, heads, tokens, channels]`
 * @param k like q
 * @returns int32 `[batches, heads, tokens - 1, ceil(keep * tokens)]`, without gradient
 */
export function predictKeys(
  q: Tensor4D,
  k: Tensor4D,
  weights: MaskPredictorWeights,
  { keep, basisThreshold, coefficientThreshold, coefficients }: MaskPredictorOptions,
): Tensor4D {
  const [batches, heads, tokens, channels] = q.shape;
  const matrices = batches * heads;
  return tidy(() => {
    const queries = slice(q, [0, 0, 1, 0], [batches, heads, tokens - 1, channels]);
    const reducedQueries = project(queries, weights.query, weights.queryBias);
    const keyColumns = transpose(project(k, weights.key, weights.keyBias), [0, 2, 1]);
    const combined = eachTimes(keyColumns, weights.combine);
    const all = softmax(mul(matMul(reducedQueries, combined), heads ** -0.5)) as Tensor3D;
    const magnitudes = abs(weights.basis);
    const basis = transpose(where(greater(magnitudes, basisThreshold), magnitudes, zerosLike(magnitudes)));
    const { indices } = topk(eachTimes(sparse(all), basis as Tensor2D), Math.ceil(keep * tokens));
    return stopGradient(reshape(indices, [batches, heads, tokens - 1, Math.ceil(keep * tokens)]));
  });

  function project(x: Tensor4D, weight: Tensor2D, bias: Tensor1D): Tensor3D {
    const rows = reshape(x, [matrices, x.shape[2], channels]) as Tensor3D;
    return add(eachTimes(rows, weight), bias);
  }

  function sparse(all: Tensor3D): Tensor3D {
    const isKept = coefficients === undefined ? greater(all, coefficientThreshold) : greaterEqual(all, leastKept(all));
    return where(isKept, all, fill(all.shape, 0)) as Tensor3D;
  }

  function leastKept(all: Tensor3D): Tensor {
    const { values } = topk(all, coefficients);
    return slice(values, [0, 0, values.shape[2] - 1], [matrices, tokens - 1, 1]);
  }
}

/** Matrices times one matrix, as one product. */
function eachTimes(matrices: Tensor3D, matrix: Tensor2D): Tensor3D {
  const [count, rows, inner] = matrices.shape;
  return reshape(matMul(reshape(matrices, [count * rows, inner]) as Tensor2D, matrix), [count, rows, matrix.shape[1]]);
}
