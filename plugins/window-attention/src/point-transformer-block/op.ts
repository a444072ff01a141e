import { tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import type { SparseTensor } from '@tfjs-sparse/core';
import { convolutionBranch, type ConvolutionBranchWeights } from '../convolution-branch/op.js';
import { serializedPatches, type SerializedPatchesOptions } from '../serialized-patches/op.js';
import { setEncoder, type SetEncoderWeights } from '../set-encoder/op.js';

export interface PointTransformerV3BlockWeights {
  /** Of the position encoding, before attention. */
  readonly position: ConvolutionBranchWeights;
  readonly encoder: SetEncoderWeights;
  /** float32 `[axes * (2 * bound + 1), heads]`, `rpe.rpe_table`; default none (`enable_rpe: false`). */
  readonly relativeBias?: Tensor2D;
}

export interface PointTransformerV3BlockOptions extends SerializedPatchesOptions {
  readonly heads: number;
  /** Whether normalizations come first (`pre_norm`, default) or last. */
  readonly normalize?: 'normFirst' | 'normLast';
}

/**
 * The Block of Point Transformer V3 (Wu et al. 2024): a convolution says where sites are, they attend to each other within
 * patches of a space-filling curve, and a feed-forward part with gelu follows. Drop path is for training and is left out.
 *
 * @param x features float32
 * @returns the same sites
 * @throws what `convolutionBranch`, `serializedPatches` and `setEncoder` throw
 */
export function pointTransformerV3Block(
  x: SparseTensor,
  { position, encoder, relativeBias }: PointTransformerV3BlockWeights,
  { heads, normalize = 'normFirst', ...serialization }: PointTransformerV3BlockOptions,
): SparseTensor {
  const { map } = x;
  const patches = serializedPatches(map, serialization);
  const bias = relativeBias && { table: relativeBias, map, axes: serialization.axes };
  const features = tidy(() => {
    const placed = convolutionBranch(x, position).features;
    return setEncoder(placed, patches, encoder, { heads, bias, activation: 'gelu', order: normalize });
  });
  return x.withFeatures(features);
}
