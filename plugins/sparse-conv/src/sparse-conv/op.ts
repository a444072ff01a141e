import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import {
  requireEpilogue,
  requireRange,
  SparseTensor,
  type CoordinateMap,
  type Epilogue,
  type KernelGeometry,
} from '@tfjs-sparse/core';
import {
  checkFilter,
  checkTarget,
  kernelOf,
  perAxis,
  type KernelOptions,
  type PerAxis,
} from '../convolution-arguments.js';
import { mapConvolution } from '../map-convolution/op.js';

/** The output rules of a strided convolution. */
export type StridedOutputRule = 'covering' | 'coveringFromMinimum' | 'floor';

const outputRules: readonly StridedOutputRule[] = ['covering', 'coveringFromMinimum', 'floor'];

export interface StridedGeometry extends KernelOptions {
  /** Default 1. */
  readonly strides?: PerAxis;
  /** Default 0. */
  readonly padding?: PerAxis;
  /**
   * Which sites the output has. `covering` (default; spconv, SparseConvNet, torchsparse 2): every site whose window holds
   * an input. `coveringFromMinimum` (torchsparse 1.4): of these, the ones with `strides * u` at or above the least input
   * coordinate of every axis. `floor` (MinkowskiEngine): every `floor(input site / strides)`.
   */
  readonly outputRule?: StridedOutputRule;
}

export interface SparseConvOptions extends StridedGeometry, Epilogue<Tensor2D> {
  /** Blocks of channels that are convolved apart; default 1. */
  readonly groups?: number;
  /** Output sites instead of those of the output rule, in cells of the output grid (MinkowskiEngine's `coordinates`). */
  readonly target?: CoordinateMap;
}

/**
 * Strided sparse convolution: `y[u] = activation(bias + residual[u] + sum over d of x[strides * u + dilation * d -
 * padding] * filter[d])` on a coarser set of sites (spconv SparseConv). With a spatial shape on `x`, output sites lie in
 * `floor((shape + 2 * padding - dilation * (kernelSize - 1) - 1) / strides) + 1`, as in spconv; without one the grid is
 * unbounded.
 *
 * @param x      features `[sites, inChannels]`
 * @param filter `[offsets, inChannels / groups, outChannels]`, offsets with the last axis fastest or as listed
 * @returns      features `[output sites, outChannels]` on a grid whose stride is that of `x` times `strides`, or on
 *   `target`, whose sites that no input reaches get the bias
 * @throws RangeError when an option is out of range, a shape does not match or `target` is on another grid
 */
export function sparseConv(x: SparseTensor, filter: Tensor3D, options: SparseConvOptions): SparseTensor {
  const geometry = stridedGeometry('sparseConv', options, x.map.rank);
  return convolveOnto('sparseConv', x, filter, geometry, options, options.groups, options.target);
}

/** A convolution to the sites of a geometry that was made before, or to `target`, for layers, which use one for every call. */
export function convolveOnto(
  op: string,
  x: SparseTensor,
  filter: Tensor3D,
  geometry: KernelGeometry,
  epilogue: Epilogue<Tensor2D> = {},
  groups = 1,
  target?: CoordinateMap,
): SparseTensor {
  checkFilter(op, x, filter, geometry, groups);
  if (target) checkTarget(op, x, geometry, target);
  const map = x.map.kernelMap(geometry, target);
  requireEpilogue(op, epilogue, [map.outSites, filter.shape[2]]);
  const features = mapConvolution(x.features, filter, { map, isAdjoint: false }, epilogue, groups);
  return new SparseTensor(features, target ?? x.map.downsample(geometry));
}

/** The checked geometry of a strided convolution, with the defaults filled in. */
export function stridedGeometry(op: string, options: StridedGeometry, rank: number): KernelGeometry {
  const outputRule = options.outputRule ?? 'covering';
  requireRange(
    outputRules.includes(outputRule),
    op,
    "outputRule must be 'covering', 'coveringFromMinimum' or 'floor'",
    outputRule,
  );
  return {
    ...kernelOf(op, options, rank),
    strides: perAxis(op, 'strides', options.strides ?? 1, rank, 1),
    padding: perAxis(op, 'padding', options.padding ?? 0, rank, 0),
    outputRule,
  };
}
