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
import { convolveOnto, stridedGeometry, type StridedOutputRule } from './op.js';

export interface StridedConvolutionArgs extends SparseConvolutionArgs {
  /** Default 1. */
  strides?: number | number[];
  /** Default 0. */
  padding?: number | number[];
  /** Which sites the output has, see `sparseConv`; default `covering`. */
  outputRule?: StridedOutputRule;
}

/** What the strided layer and its inverse share: the geometry and its config. */
export abstract class StridedConvolutionLayer extends SparseConvolutionLayer {
  protected readonly geometry: KernelGeometry;

  constructor(rank: number, args: StridedConvolutionArgs) {
    super(rank, args);
    const { strides, padding, outputRule } = args;
    this.geometry = stridedGeometry(this.name, { ...kernelOptions(args), strides, padding, outputRule }, rank);
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), ...stridedConfig(this.geometry) };
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    const features: Shape = [null, this.filters];
    return hasCoordinates(inputShape) ? [features, [null, 1 + this.rank]] : features;
  }
}

/** What a strided layer saves of its geometry, with its kernel. */
export function stridedConfig({ strides, padding, outputRule }: KernelGeometry): serialization.ConfigDict {
  return { strides: [...strides], padding: [...padding], outputRule };
}

/**
 * Strided convolution (`sparseConv`) as a layer. Input: `[features [sites, channels], coords [sites, 1 + rank]]`,
 * output: `[features [output sites, filters], coords [output sites, 1 + rank]]`; in a Sequential model features alone.
 * A third input, coords of the output grid, gives the output sites.
 */
abstract class SparseConv extends StridedConvolutionLayer {
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
}

export class SparseConv1D extends SparseConv {
  static className = 'SparseConv1D';
  constructor(args: StridedConvolutionArgs) {
    super(1, args);
  }
}

export class SparseConv2D extends SparseConv {
  static className = 'SparseConv2D';
  constructor(args: StridedConvolutionArgs) {
    super(2, args);
  }
}

export class SparseConv3D extends SparseConv {
  static className = 'SparseConv3D';
  constructor(args: StridedConvolutionArgs) {
    super(3, args);
  }
}

export class SparseConv4D extends SparseConv {
  static className = 'SparseConv4D';
  constructor(args: StridedConvolutionArgs) {
    super(4, args);
  }
}
