import type { Tensor1D, Tensor3D } from '@tensorflow/tfjs-core';
import { requireRange, type SparseTensor } from '@tfjs-sparse/core';
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
  const { rank } = x.map;
  const kernelSize = perAxis('submConv', 'kernelSize', options.kernelSize, rank, 1);
  requireRange(
    kernelSize.every((size) => size % 2 === 1),
    'submConv',
    'kernelSize must be odd on every axis',
    kernelSize,
  );
  const dilation = perAxis('submConv', 'dilation', options.dilation ?? 1, rank, 1);
  checkFilter('submConv', x, filter, kernelSize, options.bias);
  const map = x.map.kernelMap({
    kernelSize,
    dilation,
    strides: kernelSize.map(() => 1),
    padding: kernelSize.map((size, axis) => (dilation[axis] * (size - 1)) / 2),
    outputRule: 'same',
  });
  return x.withFeatures(mapConvolution(x.features, filter, { map, isAdjoint: false }, options.bias));
}
