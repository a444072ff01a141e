import type { Tensor1D, Tensor3D } from '@tensorflow/tfjs-core';
import { requireRange, type KernelGeometry, type SparseTensor } from '@tfjs-sparse/core';
import { checkFilter, perAxis, type PerAxis } from '../convolution-arguments.js';
import { mapConvolution } from '../map-convolution/op.js';

export interface SubmConvOptions {
  /** Odd on every axis. */
  readonly kernelSize: PerAxis;
  /** Default 1. */
  readonly dilation?: PerAxis;
  /** `[outChannels]`, default none. */
  readonly bias?: Tensor1D;
}

/**
 * Submanifold convolution: convolves at the active sites only and keeps them, so that sparsity does not dilate.
 * `y[u] = bias + sum over d of x[u + dilation * (d - kernelSize / 2)] * filter[d]`, absent sites counting as zero.
 * Graham et al., "3D Semantic Segmentation with Submanifold Sparse Convolutional Networks", section 3 (spconv SubMConv).
 *
 * @param x      features `[sites, inChannels]`
 * @param filter `[kernel volume, inChannels, outChannels]`, offsets with the last axis fastest
 * @returns      the sites of `x` with features `[sites, outChannels]`
 * @throws RangeError when a kernel size is even or a shape does not match
 */
export function submConv(x: SparseTensor, filter: Tensor3D, options: SubmConvOptions): SparseTensor {
  return submConvOn(x, filter, submGeometry('submConv', options, x.map.rank), options.bias);
}

/** `submConv` with a geometry that `submGeometry` made, for layers, which use one for every call. */
export function submConvOn(
  x: SparseTensor,
  filter: Tensor3D,
  geometry: KernelGeometry,
  bias?: Tensor1D,
  convolve = mapConvolution,
): SparseTensor {
  checkFilter('submConv', x, filter, geometry.kernelSize, bias);
  const map = x.map.kernelMap(geometry);
  return x.withFeatures(convolve(x.features, filter, { map, isAdjoint: false }, bias));
}

/** The checked geometry of a submanifold convolution. */
export function submGeometry(op: string, options: Omit<SubmConvOptions, 'bias'>, rank: number): KernelGeometry {
  const kernelSize = perAxis(op, 'kernelSize', options.kernelSize, rank, 1);
  requireRange(
    kernelSize.every((size) => size % 2 === 1),
    op,
    'kernelSize must be odd on every axis',
    kernelSize,
  );
  const dilation = perAxis(op, 'dilation', options.dilation ?? 1, rank, 1);
  return {
    kernelSize,
    dilation,
    strides: kernelSize.map(() => 1),
    padding: kernelSize.map((size, axis) => (dilation[axis] * (size - 1)) / 2),
    outputRule: 'same',
  };
}
