import { tidy, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core';
import { requireEpilogue, requireRange, runFused, type Epilogue } from '@tfjs-sparse/core';
import { imageGeometry, type Padding } from '../image-geometry.js';
import { requireFloats, requireWeights } from '../matmul/operands.js';
import type { SparsityPattern } from '../pattern/sparsity-pattern.js';
import { patternConv2DOps } from './definition.js';

/** A number for both axes of an image, or one for each. */
export type ImageAxes = number | readonly [height: number, width: number];

/** The bias is `[outChannels]`. */
export interface SparseConv2DOptions extends Epilogue<Tensor4D> {
  /** Of the filter. */
  readonly kernelSize: ImageAxes;
  /** Default 1. */
  readonly strides?: ImageAxes;
  /** As `tf.conv2d`; default 'valid'. */
  readonly padding?: Padding;
  /** Pixels from one place of the filter to the next; default 1. Strides and dilations may both be above 1. */
  readonly dilations?: ImageAxes;
  /** Groups of input and of output channels that meet each other alone, as in Keras and PyTorch; default 1. */
  readonly groups?: number;
}

const name = 'sparseConv2D';

/**
 * Convolution of images in NHWC with a sparse filter: `tf.fused.conv2d` with the kept weights only (and with groups). A
 * weight that is not kept takes no part. No patches of the image are copied: on the wasm backend a place of the filter is
 * an offset in tiles of pixels, channel by channel (Elsen et al., Fast Sparse ConvNets, 2020, have the 1 x 1 case).
 *
 * @param x       `[batch, height, width, inChannels]`
 * @param values  `[blocks, blockOutputs]` the kept weights of the filter
 * @param pattern where they are: `packWeights` of the filter `[height, width, inChannels / groups, outChannels]` as the
 *   matrix `[height * width * inChannels / groups, outChannels]`
 * @returns       `[batch, outHeight, outWidth, outChannels]`; gradients go to all tensors
 * @throws RangeError or TypeError for other shapes and types
 */
export function sparseConv2D(
  x: Tensor4D,
  values: Tensor2D,
  pattern: SparsityPattern,
  { kernelSize, strides = 1, padding = 'valid', dilations = 1, groups = 1, ...epilogue }: SparseConv2DOptions,
): Tensor4D {
  requireRange(x.rank === 4, name, 'x must have shape [batch, height, width, channels]', x.shape);
  requireFloats(name, { x });
  requireWeights(name, values, pattern);
  const size = pair('kernelSize', kernelSize);
  const channels = x.shape[3];
  const { inFeatures, outFeatures, blockOutputs } = pattern;
  requireRange(Number.isInteger(groups) && groups > 0, name, 'groups must be a positive integer', groups);
  requireRange(channels % groups === 0, name, `the channels of x must be a multiple of groups (${groups})`, channels);
  const inputs = (size[0] * size[1] * channels) / groups;
  const rule = 'inFeatures of the pattern must be height * width of kernelSize * channels of x / groups';
  requireRange(inFeatures === inputs, name, `${rule} (${inputs})`, inFeatures);
  const isSplit = outFeatures % groups === 0 && (groups === 1 || (outFeatures / groups) % blockOutputs === 0);
  requireRange(isSplit, name, `${groups} groups must divide outFeatures, into whole blocks`, [
    outFeatures,
    blockOutputs,
  ]);
  const geometry = imageGeometry(
    x.shape,
    size,
    pair('strides', strides),
    padding,
    undefined,
    pair('dilations', dilations),
  );
  const { batch, outHeight, outWidth } = geometry;
  const isInside = outHeight >= 0 && outWidth >= 0;
  requireRange(isInside, name, 'the filter must fit into the padded image', size);
  requireEpilogue(name, epilogue, [batch, outHeight, outWidth, outFeatures]);
  return tidy(() => {
    const { bias, residual, activation = 'linear' } = epilogue;
    const attrs = { geometry, groups, pattern, activation };
    return runFused(patternConv2DOps, { x, values, bias, residual }, attrs) as Tensor4D;
  });
}

function pair(role: string, size: ImageAxes): [height: number, width: number] {
  const [height, width] = typeof size === 'number' ? [size, size] : size;
  const isPositive = [height, width].every((each) => Number.isInteger(each) && each > 0);
  requireRange(isPositive, name, `${role} must be positive integers`, size);
  return [height, width];
}
