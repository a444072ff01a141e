import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import {
  requireRange,
  type CoordinateMap,
  type Epilogue,
  type KernelGeometry,
  type SparseTensor,
} from '@tfjs-sparse/core';
import { kernelOf, perAxis, type KernelOptions, type PerAxis } from '../convolution-arguments.js';
import { convolveOnto } from '../sparse-conv/op.js';

export interface TransposedGeometry extends KernelOptions {
  /** Default 1. */
  readonly strides?: PerAxis;
  /** Default 0. */
  readonly padding?: PerAxis;
  /** Cells behind the end of an output grid with a shape, less than `strides`; default 0. */
  readonly outputPadding?: PerAxis;
}

export interface SparseConvTransposeOptions extends TransposedGeometry, Epilogue<Tensor2D> {
  /** Blocks of channels that are convolved apart; default 1. */
  readonly groups?: number;
  /** Output sites instead of all that are reached, in cells of the output grid (MinkowskiEngine's `coordinates`). */
  readonly target?: CoordinateMap;
}

/**
 * Transposed convolution to new sites: `y[strides * u + dilation * d - padding] += x[u] * filter[d]`, then the bias, on
 * every site that some `u` and `d` reach (spconv SparseConvTranspose, MinkowskiGenerativeConvolutionTranspose,
 * SparseConvNet FullConvolution). With a spatial shape on `x`, output sites lie in
 * `(shape - 1) * strides - 2 * padding + dilation * (kernelSize - 1) + outputPadding + 1` cells, as in PyTorch; without
 * one the grid is unbounded. The output's stride is that of `x` divided by `strides` where it divides, else 1.
 *
 * @param x      features `[sites, inChannels]`
 * @param filter `[offsets, inChannels / groups, outChannels]`, offsets with the last axis fastest or as listed
 * @returns      features `[output sites, outChannels]`
 * @throws RangeError when an option is out of range, a shape does not match or `target` is on another grid
 */
export function sparseConvTranspose(
  x: SparseTensor,
  filter: Tensor3D,
  options: SparseConvTransposeOptions,
): SparseTensor {
  const geometry = transposedGeometry('sparseConvTranspose', options, x.map.rank);
  return convolveOnto('sparseConvTranspose', x, filter, geometry, options, options.groups, options.target);
}

/** The checked geometry of a transposed convolution, with the defaults filled in. */
export function transposedGeometry(op: string, options: TransposedGeometry, rank: number): KernelGeometry {
  const strides = perAxis(op, 'strides', options.strides ?? 1, rank, 1);
  const outputPadding = perAxis(op, 'outputPadding', options.outputPadding ?? 0, rank, 0);
  requireRange(
    outputPadding.every((cells, axis) => cells < strides[axis]),
    op,
    `outputPadding must be less than strides [${strides.join(', ')}]`,
    outputPadding,
  );
  return {
    ...kernelOf(op, options, rank),
    strides,
    padding: perAxis(op, 'padding', options.padding ?? 0, rank, 0),
    outputPadding,
    outputRule: 'generative',
  };
}
