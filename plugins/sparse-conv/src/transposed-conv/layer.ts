import type { serialization, Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Shape } from '@tensorflow/tfjs-layers';
import type { Epilogue, KernelGeometry, SparseTensor } from '@tfjs-sparse/core';
import {
  givenTarget,
  hasCoordinates,
  onNewSites,
  type SparseConvolutionArgs,
  SparseConvolutionLayer,
} from '@tfjs-sparse/layers';
import { kernelOptions } from '../convolution-arguments.js';
import { convolveOnto } from '../sparse-conv/op.js';
import { transposedGeometry } from './op.js';

export interface TransposedConvolutionArgs extends SparseConvolutionArgs {
  /** Default 1. */
  strides?: number | number[];
  /** Default 0. */
  padding?: number | number[];
  /** Default 0. */
  outputPadding?: number | number[];
}

/**
 * Transposed convolution (`sparseConvTranspose`) as a layer. Input: `[features [sites, channels], coords [sites, 1 + rank]]`,
 * output: `[features [output sites, filters], coords [output sites, 1 + rank]]`; in a Sequential model features alone. A
 * third input, coords of the output grid, gives the output sites.
 */
abstract class SparseConvTranspose extends SparseConvolutionLayer {
  protected readonly geometry: KernelGeometry;

  constructor(rank: number, args: TransposedConvolutionArgs) {
    super(rank, args);
    const { strides, padding, outputPadding } = args;
    this.geometry = transposedGeometry(this.name, { ...kernelOptions(args), strides, padding, outputPadding }, rank);
  }

  protected convolve(
    x: SparseTensor,
    filter: Tensor3D,
    epilogue: Epilogue<Tensor2D>,
    inputs: Tensor | Tensor[],
  ): SparseTensor {
    const target = givenTarget(this.name, inputs);
    return convolveOnto(this.name, x, filter, this.geometry, epilogue, this.groups, target);
  }

  protected outputsOf(y: SparseTensor, inputs: Tensor | Tensor[]): Tensor | Tensor[] {
    return onNewSites(this.name, y, inputs);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    const features: Shape = [null, this.filters];
    return hasCoordinates(inputShape) ? [features, [null, 1 + this.rank]] : features;
  }

  override getConfig(): serialization.ConfigDict {
    const { strides, padding, outputPadding } = this.geometry;
    return { ...super.getConfig(), strides: [...strides], padding: [...padding], outputPadding: [...outputPadding!] };
  }
}

export class SparseConvTranspose1D extends SparseConvTranspose {
  static className = 'SparseConvTranspose1D';
  constructor(args: TransposedConvolutionArgs) {
    super(1, args);
  }
}

export class SparseConvTranspose2D extends SparseConvTranspose {
  static className = 'SparseConvTranspose2D';
  constructor(args: TransposedConvolutionArgs) {
    super(2, args);
  }
}

export class SparseConvTranspose3D extends SparseConvTranspose {
  static className = 'SparseConvTranspose3D';
  constructor(args: TransposedConvolutionArgs) {
    super(3, args);
  }
}

export class SparseConvTranspose4D extends SparseConvTranspose {
  static className = 'SparseConvTranspose4D';
  constructor(args: TransposedConvolutionArgs) {
    super(4, args);
  }
}
