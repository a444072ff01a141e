import type { Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { requireRange, requireType, type KernelGeometry, type SparseTensor } from '@tfjs-sparse/core';
import { checkFilter, kernelOf, perAxis, type KernelOptions, type PerAxis } from '../convolution-arguments.js';
import { convolutionIn } from '../map-convolution/grouped.js';
import { mapConvolution } from '../map-convolution/op.js';

/** The kernel of a convolution that keeps its sites. */
export interface SubmKernelOptions extends KernelOptions {
  /**
   * Where the kernel lies. Odd sizes are centred by default (`dilation * (kernelSize - 1) / 2`), `offsets` have 0. An even
   * size has no centre and must say: 0 for the offsets `0..kernelSize - 1` (MinkowskiEngine, torchsparse 2), half the
   * size for `-kernelSize / 2..kernelSize / 2 - 1` (SparseConvNet).
   */
  readonly padding?: PerAxis;
}

export interface SubmConvOptions extends SubmKernelOptions {
  /** `[outChannels]`, default none. */
  readonly bias?: Tensor1D;
  /** Blocks of channels that are convolved apart; default 1. */
  readonly groups?: number;
  /** `[sites, outChannels]`, added in the same pass over the output (the shortcut of a residual block); default none. */
  readonly residual?: Tensor2D;
  /** Applied last, in the same pass; default none. */
  readonly activation?: 'relu';
}

/**
 * Submanifold convolution: convolves at the active sites only and keeps them, so that sparsity does not dilate.
 * `y[u] = bias + sum over d of x[u + dilation * d - padding] * filter[d]`, absent sites counting as zero.
 * Graham et al., "3D Semantic Segmentation with Submanifold Sparse Convolutional Networks", section 3 (spconv SubMConv).
 *
 * @param x      features `[sites, inChannels]`
 * @param filter `[offsets, inChannels / groups, outChannels]`, offsets with the last axis fastest or as listed
 * @returns      the sites of `x` with features `[sites, outChannels]`
 * @throws RangeError when a kernel size is even and no padding is given, or a shape does not match
 */
export function submConv(x: SparseTensor, filter: Tensor3D, options: SubmConvOptions): SparseTensor {
  const { bias, groups = 1, residual, activation } = options;
  const geometry = submGeometry('submConv', options, x.map.rank);
  requireRange(
    activation === undefined || activation === 'relu',
    'submConv',
    "activation must be 'relu' or absent",
    activation,
  );
  if (residual) requireResidual('submConv', residual, x.map.siteCount, filter.shape[2]);
  const convolve = convolutionIn(groups, { residual, isRectified: activation === 'relu' });
  return submConvOn(x, filter, geometry, bias, convolve, groups);
}

/** `submConv` with a geometry that `submGeometry` made, for layers, which use one for every call. */
export function submConvOn(
  x: SparseTensor,
  filter: Tensor3D,
  geometry: KernelGeometry,
  bias?: Tensor1D,
  convolve = mapConvolution,
  groups = 1,
): SparseTensor {
  checkFilter('submConv', x, filter, geometry, bias, groups);
  const map = x.map.kernelMap(geometry);
  return x.withFeatures(convolve(x.features, filter, { map, isAdjoint: false }, bias));
}

export function requireResidual(op: string, residual: Tensor2D, sites: number, channels: number): void {
  requireRange(
    residual.rank === 2 && residual.shape[0] === sites && residual.shape[1] === channels,
    op,
    `residual must have shape [${sites}, ${channels}] (sites, output channels)`,
    residual.shape,
  );
  requireType(residual.dtype === 'float32', op, 'residual must be float32', residual.dtype);
}

/** The checked geometry of a submanifold convolution. */
export function submGeometry(op: string, options: SubmKernelOptions, rank: number): KernelGeometry {
  const kernel = kernelOf(op, options, rank);
  const { kernelSize, dilation } = kernel;
  requireRange(
    options.padding !== undefined || kernelSize.every((size) => size % 2 === 1),
    op,
    'padding must be given for a kernel that is even on an axis',
    `kernelSize [${kernelSize.join(', ')}]`,
  );
  const centre = kernelSize.map((size, axis) => (dilation[axis] * (size - 1)) / 2);
  const padding = perAxis(op, 'padding', options.padding ?? centre, rank, 0);
  return { ...kernel, strides: kernelSize.map(() => 1), padding, outputRule: 'same' };
}
