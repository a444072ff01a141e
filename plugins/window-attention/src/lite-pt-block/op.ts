import { tidy } from '@tensorflow/tfjs-core';
import { requireRange, type CoordinateMap, type SparseTensor } from '@tfjs-sparse/core';
import { convolutionBranch, type ConvolutionBranchWeights } from '../convolution-branch/op.js';
import { layerNorm } from '../layer-norm/op.js';
import { depthLimit, serializedPatches, type SerializedPatchesOptions } from '../serialized-patches/op.js';
import { setEncoder, type Normalization, type SetEncoderWeights } from '../set-encoder/op.js';

/** A block has a convolution, attention, or both; without a convolution the normalization `norm` takes its place. */
export interface LitePTBlockWeights {
  readonly convolution?: ConvolutionBranchWeights;
  /** Of a block without a convolution (`norm0`). */
  readonly norm?: Normalization;
  /** Of attention and the feed-forward part; default none. */
  readonly encoder?: SetEncoderWeights;
}

export interface LitePTBlockOptions extends SerializedPatchesOptions {
  /** Bits of a coordinate on the curve; default, as LitePT's, those of the greatest coordinate + 1. */
  readonly depth?: number;
  readonly heads: number;
  /** Base of the angles of PointROPE; default 100. */
  readonly frequency?: number;
  /** Whether normalizations come first (`pre_norm`, default) or last. */
  readonly normalize?: 'normFirst' | 'normLast';
}

/**
 * The Block of LitePT (prs-eth/LitePT): a convolution, then attention within patches of a space-filling curve whose queries
 * and keys are turned by the coordinates of the sites (`pointRope`), and a feed-forward part with gelu. A block without a
 * convolution starts from its normalised input instead: `x = norm(x)`, also on the way around attention.
 *
 * @param x features float32
 * @returns the same sites
 * @throws RangeError for weights that are of no block; what `convolutionBranch`, `serializedPatches`, `pointRope` and
 *   `setEncoder` throw
 */
export function litePTBlock(
  x: SparseTensor,
  { convolution, norm, encoder }: LitePTBlockWeights,
  { heads, frequency, normalize = 'normFirst', ...serialization }: LitePTBlockOptions,
): SparseTensor {
  const isOne = (convolution === undefined) !== (norm === undefined);
  const given = [convolution && 'convolution', norm && 'norm'].filter(Boolean);
  requireRange(isOne, 'litePTBlock', 'weights must have one of convolution and norm', given);
  const isBlock = convolution !== undefined || encoder !== undefined;
  requireRange(isBlock, 'litePTBlock', 'weights must have a convolution or an encoder', 'none');
  const features = tidy(() => {
    const start = convolution
      ? convolutionBranch(x, convolution).features
      : layerNorm(x.features, norm!.scale, norm!.offset);
    if (!encoder) return start;
    const { depth = depthOf(x.map) } = serialization;
    const patches = serializedPatches(x.map, { ...serialization, depth });
    const rope = { map: x.map, frequency, axes: serialization.axes };
    return setEncoder(start, patches, encoder, { heads, rope, activation: 'gelu', order: normalize });
  });
  return x.withFeatures(features);
}

/** Bits of the greatest coordinate + 1, counted from 0 or from the least one of an axis that has negative ones. */
function depthOf({ bounds: { minimum, maximum }, siteCount }: CoordinateMap): number {
  if (siteCount === 0) return 1;
  const spans = maximum.slice(1).map((greatest, axis) => greatest - Math.min(minimum[1 + axis], 0));
  return Math.min(32 - Math.clz32(Math.max(0, ...spans) + 1), depthLimit);
}
