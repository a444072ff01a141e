import { add, tidy, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import { requireRange, type SparseTensor } from '@tfjs-sparse/core';
import { layerNorm, type LayerNormOptions } from '../layer-norm/op.js';
import { linear } from '../linear/op.js';
import type { Normalization } from '../set-encoder/op.js';

export interface ConvolutionBranchWeights {
  /** A convolution that keeps the sites and channels, e.g. `submConv` of sparse-conv with kernel size 3. */
  readonly convolve: (x: SparseTensor) => SparseTensor;
  /** float32 `[channels, channels]`: torch's weight, transposed. */
  readonly linear: Tensor2D;
  /** float32 `[channels]` */
  readonly linearBias: Tensor1D;
  readonly norm: Normalization;
}

/**
 * `x + norm(linear(convolve(x)))`: the conditional position encoding of Point Transformer V3 (`cpe`; Chu et al. 2021), and
 * the convolution of LitePT's Block.
 *
 * @param x features float32
 * @returns the same sites
 * @throws RangeError where the convolution changes sites or channels; what `linear` and `layerNorm` throw
 */
export function convolutionBranch(
  x: SparseTensor,
  weights: ConvolutionBranchWeights,
  options: LayerNormOptions = {},
): SparseTensor {
  const features = tidy(() => {
    const convolved = weights.convolve(x);
    const isKept = convolved.map === x.map && convolved.features.shape[1] === x.features.shape[1];
    requireRange(isKept, 'convolutionBranch', 'convolve must keep the sites and channels', convolved.features.shape);
    const { scale, offset } = weights.norm;
    const projected = linear(convolved.features, weights.linear, weights.linearBias);
    return add(x.features, layerNorm(projected, scale, offset, options));
  });
  return x.withFeatures(features as Tensor2D);
}
