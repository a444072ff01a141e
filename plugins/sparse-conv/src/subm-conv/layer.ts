import type { serialization, Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Epilogue, KernelGeometry, SparseTensor } from '@tfjs-sparse/core';
import { SparseConvolutionLayer, type SparseConvolutionArgs } from '@tfjs-sparse/layers';
import { kernelOptions } from '../convolution-arguments.js';
import { submConvOn, submGeometry } from './op.js';

export interface SubmConvolutionArgs extends SparseConvolutionArgs {
  /** See `submConv`; needed for even sizes. */
  padding?: number | number[];
}

/**
 * Submanifold convolution (`submConv`) as a layer. Input: `[features [sites, channels], coords [sites, 1 + rank]]`, or
 * features alone in a Sequential model. Output: features `[sites, filters]` on the same sites. A third input
 * `[sites, filters]` is added before the activation (the shortcut of a residual block).
 */
abstract class SubmConv extends SparseConvolutionLayer {
  protected readonly geometry: KernelGeometry;

  constructor(rank: number, args: SubmConvolutionArgs) {
    super(rank, args);
    this.geometry = submGeometry(this.name, { ...kernelOptions(args), padding: args.padding }, rank);
  }

  protected convolve(
    x: SparseTensor,
    filter: Tensor3D,
    epilogue: Epilogue<Tensor2D>,
    inputs: Tensor | Tensor[],
  ): SparseTensor {
    const residual = Array.isArray(inputs) ? (inputs[2] as Tensor2D | undefined) : undefined;
    return submConvOn(this.name, x, filter, this.geometry, { ...epilogue, residual }, this.groups);
  }

  protected outputsOf(y: SparseTensor): Tensor {
    return y.features;
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), padding: [...this.geometry.padding] };
  }
}

export class SubmConv1D extends SubmConv {
  static className = 'SubmConv1D';
  constructor(args: SubmConvolutionArgs) {
    super(1, args);
  }
}

export class SubmConv2D extends SubmConv {
  static className = 'SubmConv2D';
  constructor(args: SubmConvolutionArgs) {
    super(2, args);
  }
}

export class SubmConv3D extends SubmConv {
  static className = 'SubmConv3D';
  constructor(args: SubmConvolutionArgs) {
    super(3, args);
  }
}

export class SubmConv4D extends SubmConv {
  static className = 'SubmConv4D';
  constructor(args: SubmConvolutionArgs) {
    super(4, args);
  }
}
