import type { serialization, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { Shape } from '@tensorflow/tfjs-layers';
import type { Epilogue, KernelGeometry, SparseTensor } from '@tfjs-sparse/core';
import {
  channelsOf,
  givenTarget,
  hasCoordinates,
  onNewSites,
  type SparseKernelArgs,
  SparseKernelLayer,
} from '@tfjs-sparse/layers';
import { kernelOptions } from '../convolution-arguments.js';
import { stridedConfig } from '../sparse-conv/layer.js';
import { stridedGeometry, type StridedOutputRule } from '../sparse-conv/op.js';
import { submGeometry } from '../subm-conv/op.js';
import { depthwiseConvOn } from './op.js';

export interface SubmDepthwiseArgs extends SparseKernelArgs {
  /** See `submConv`; needed for even sizes. */
  padding?: number | number[];
}

export interface StridedDepthwiseArgs extends SparseKernelArgs {
  /** Default 1. */
  strides?: number | number[];
  /** Default 0. */
  padding?: number | number[];
  /** Which sites the output has, see `sparseConv`; default `covering`. */
  outputRule?: StridedOutputRule;
}

/** One filter per channel. */
abstract class DepthwiseLayer extends SparseKernelLayer {
  protected weightShape(offsets: number, inChannels: number): Shape {
    return [offsets, inChannels];
  }

  protected outChannels(inChannels: number): number {
    return inChannels;
  }

  protected convolve(
    x: SparseTensor,
    filter: Tensor2D,
    epilogue: Epilogue<Tensor2D>,
    inputs: Tensor | Tensor[],
  ): SparseTensor {
    const target = this.geometry.outputRule === 'same' ? undefined : givenTarget(this.name, inputs);
    return depthwiseConvOn(this.name, x, filter, this.geometry, epilogue, target);
  }
}

/**
 * Depthwise submanifold convolution (`submDepthwiseConv`) as a layer. Input: `[features [sites, channels], coords
 * [sites, 1 + rank]]`, or features alone in a Sequential model. Output: features `[sites, channels]` on the same sites.
 */
abstract class SubmDepthwiseConv extends DepthwiseLayer {
  protected readonly geometry: KernelGeometry;

  constructor(rank: number, args: SubmDepthwiseArgs) {
    super(rank, args);
    this.geometry = submGeometry(this.name, { ...kernelOptions(args), padding: args.padding }, rank);
  }

  protected outputsOf(y: SparseTensor): Tensor {
    return y.features;
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), padding: [...this.geometry.padding] };
  }
}

/**
 * Strided depthwise convolution (`sparseDepthwiseConv`) as a layer. Inputs and outputs as those of `SparseConv`, with the
 * channels of the input.
 */
abstract class SparseDepthwiseConv extends DepthwiseLayer {
  protected readonly geometry: KernelGeometry;

  constructor(rank: number, args: StridedDepthwiseArgs) {
    super(rank, args);
    const { strides, padding, outputRule } = args;
    this.geometry = stridedGeometry(this.name, { ...kernelOptions(args), strides, padding, outputRule }, rank);
  }

  protected outputsOf(y: SparseTensor, inputs: Tensor | Tensor[]): Tensor | Tensor[] {
    return onNewSites(this.name, y, inputs);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    const features: Shape = [null, channelsOf(this.name, inputShape)];
    return hasCoordinates(inputShape) ? [features, [null, 1 + this.rank]] : features;
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), ...stridedConfig(this.geometry) };
  }
}

export class SubmDepthwiseConv1D extends SubmDepthwiseConv {
  static className = 'SubmDepthwiseConv1D';
  constructor(args: SubmDepthwiseArgs) {
    super(1, args);
  }
}

export class SubmDepthwiseConv2D extends SubmDepthwiseConv {
  static className = 'SubmDepthwiseConv2D';
  constructor(args: SubmDepthwiseArgs) {
    super(2, args);
  }
}

export class SubmDepthwiseConv3D extends SubmDepthwiseConv {
  static className = 'SubmDepthwiseConv3D';
  constructor(args: SubmDepthwiseArgs) {
    super(3, args);
  }
}

export class SubmDepthwiseConv4D extends SubmDepthwiseConv {
  static className = 'SubmDepthwiseConv4D';
  constructor(args: SubmDepthwiseArgs) {
    super(4, args);
  }
}

export class SparseDepthwiseConv1D extends SparseDepthwiseConv {
  static className = 'SparseDepthwiseConv1D';
  constructor(args: StridedDepthwiseArgs) {
    super(1, args);
  }
}

export class SparseDepthwiseConv2D extends SparseDepthwiseConv {
  static className = 'SparseDepthwiseConv2D';
  constructor(args: StridedDepthwiseArgs) {
    super(2, args);
  }
}

export class SparseDepthwiseConv3D extends SparseDepthwiseConv {
  static className = 'SparseDepthwiseConv3D';
  constructor(args: StridedDepthwiseArgs) {
    super(3, args);
  }
}

export class SparseDepthwiseConv4D extends SparseDepthwiseConv {
  static className = 'SparseDepthwiseConv4D';
  constructor(args: StridedDepthwiseArgs) {
    super(4, args);
  }
}
