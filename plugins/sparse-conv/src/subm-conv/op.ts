import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import {
  requireEpilogue,
  requireRange,
  type Epilogue,
  type KernelGeometry,
  type SparseTensor,
} from '@tfjs-sparse/core';
import { checkFilter, kernelOf, perAxis, type KernelOptions, type PerAxis } from '../convolution-arguments.js';
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

export interface SubmConvOptions extends SubmKernelOptions, Epilogue<Tensor2D> {
  /** Blocks of channels that are convolved apart; default 1. */
  readonly groups?: number;
}

/**
 * Submanifold convolution: convolves at the active sites only and keeps them, so that sparsity does not dilate.
 * `y[u] = activation(bias + residual[u] + sum over d of x[u + dilation * d - padding] * filter[d])`, absent sites counting
 * as zero.
 * Graham et al., "3D Semantic Segmentation with Submanifold Sparse Convolutional Networks", section 3 (spconv SubMConv).
 *
 * @param x      features `[sites, inChannels]`
 * @param filter `[offsets, inChannels / groups, outChannels]`, offsets with the last axis fastest or as listed
 * @returns      the sites of `x` with features `[sites, outChannels]`
 * @throws RangeError when a kernel size is even and no padding is given, or a shape does not match
 */
export function submConv(x: SparseTensor, filter: Tensor3D, options: SubmConvOptions): SparseTensor {
  const geometry = submGeometry('submConv', options, x.map.rank);
  return submConvOn('submConv', x, filter, geometry, options, options.groups);
}

/** `submConv` with a geometry that `submGeometry` made, for layers, which use one for every call. */
export function submConvOn(
  op: string,
  x: SparseTensor,
  filter: Tensor3D,
  geometry: KernelGeometry,
  epilogue: Epilogue<Tensor2D> = {},
  groups = 1,
): SparseTensor {
  checkFilter(op, x, filter, geometry, groups);
  requireEpilogue(op, epilogue, [x.map.siteCount, filter.shape[2]]);
  const map = x.map.kernelMap(geometry);
  return x.withFeatures(mapConvolution(x.features, filter, { map, isAdjoint: false }, epilogue, groups));
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
