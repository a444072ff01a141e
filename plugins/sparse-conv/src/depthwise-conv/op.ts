import type { Tensor2D } from '@tensorflow/tfjs-core';
import {
  requireEpilogue,
  SparseTensor,
  type CoordinateMap,
  type Epilogue,
  type KernelGeometry,
} from '@tfjs-sparse/core';
import { checkDepthwiseFilter, checkTarget } from '../convolution-arguments.js';
import { mapDepthwise } from '../map-depthwise/op.js';
import { stridedGeometry, type SparseConvOptions } from '../sparse-conv/op.js';
import { submGeometry, type SubmKernelOptions } from '../subm-conv/op.js';

export interface SubmDepthwiseConvOptions extends SubmKernelOptions, Epilogue<Tensor2D> {}

export type SparseDepthwiseConvOptions = Omit<SparseConvOptions, 'groups'>;

/**
 * `submConv` with one filter per channel, which sees that channel alone (MinkowskiChannelwiseConvolution with stride 1).
 *
 * @param x      features `[sites, channels]`
 * @param filter `[offsets, channels]`, offsets with the last axis fastest or as listed
 * @returns      the sites of `x` with features `[sites, channels]`
 * @throws RangeError when a kernel size is even and no padding is given, or a shape does not match
 */
export function submDepthwiseConv(x: SparseTensor, filter: Tensor2D, options: SubmDepthwiseConvOptions): SparseTensor {
  const geometry = submGeometry('submDepthwiseConv', options, x.map.rank);
  return depthwiseConvOn('submDepthwiseConv', x, filter, geometry, options);
}

/**
 * `sparseConv` with one filter per channel, which sees that channel alone (MinkowskiChannelwiseConvolution).
 *
 * @param x      features `[sites, channels]`
 * @param filter `[offsets, channels]`, offsets with the last axis fastest or as listed
 * @returns      features `[output sites, channels]`
 * @throws RangeError when an option is out of range, a shape does not match or `target` is on another grid
 */
export function sparseDepthwiseConv(
  x: SparseTensor,
  filter: Tensor2D,
  options: SparseDepthwiseConvOptions,
): SparseTensor {
  const geometry = stridedGeometry('sparseDepthwiseConv', options, x.map.rank);
  return depthwiseConvOn('sparseDepthwiseConv', x, filter, geometry, options, options.target);
}

/** A depthwise convolution with a geometry that was made before, for layers, which use one for every call. */
export function depthwiseConvOn(
  op: string,
  x: SparseTensor,
  filter: Tensor2D,
  geometry: KernelGeometry,
  epilogue: Epilogue<Tensor2D> = {},
  target?: CoordinateMap,
): SparseTensor {
  checkDepthwiseFilter(op, x, filter, geometry);
  if (target) checkTarget(op, x, geometry, target);
  const map = x.map.kernelMap(geometry, target);
  requireEpilogue(op, epilogue, [map.outSites, x.channels]);
  return new SparseTensor(mapDepthwise(x.features, filter, map, epilogue), target ?? x.map.downsample(geometry));
}
