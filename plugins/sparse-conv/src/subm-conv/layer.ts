import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { requireRange, type KernelGeometry, type SparseTensor } from '@tfjs-sparse/core';
import { SparseConvolutionLayer, type SparseConvolutionArgs } from '@tfjs-sparse/layers';
import { convolutionWith } from '../map-convolution/op.js';
import { submConvOn, submGeometry } from './op.js';

/**
 * Submanifold convolution (`submConv`) as a layer. Input: `[features [sites, channels], coords [sites, 1 + rank]]`, or
 * features alone in a Sequential model. Output: features `[sites, filters]` on the same sites. A third input
 * `[sites, filters]` is added before the activation (the shortcut of a residual block).
 */
abstract class SubmConv extends SparseConvolutionLayer {
  private readonly geometry: KernelGeometry;

  constructor(rank: number, args: SparseConvolutionArgs) {
    super(rank, args);
    this.geometry = submGeometry(this.name, { kernelSize: this.kernelSize, dilation: this.dilationRate }, rank);
  }

  protected convolve(
    x: SparseTensor,
    filter: Tensor3D,
    bias: Tensor1D | undefined,
    isRectified: boolean,
    inputs: Tensor | Tensor[],
  ): SparseTensor {
    const residual = Array.isArray(inputs) ? (inputs[2] as Tensor2D | undefined) : undefined;
    if (residual) {
      requireRange(
        residual.shape[0] === x.map.siteCount && residual.shape[1] === this.filters,
        this.name,
        `the third input must have shape [${x.map.siteCount}, ${this.filters}] (sites, filters)`,
        residual.shape,
      );
    }
    return submConvOn(x, filter, this.geometry, bias, convolutionWith({ residual, isRectified }));
  }

  protected outputsOf(y: SparseTensor): Tensor {
    return y.features;
  }
}

export class SubmConv1D extends SubmConv {
  static className = 'SubmConv1D';
  constructor(args: SparseConvolutionArgs) {
    super(1, args);
  }
}

export class SubmConv2D extends SubmConv {
  static className = 'SubmConv2D';
  constructor(args: SparseConvolutionArgs) {
    super(2, args);
  }
}

export class SubmConv3D extends SubmConv {
  static className = 'SubmConv3D';
  constructor(args: SparseConvolutionArgs) {
    super(3, args);
  }
}

export class SubmConv4D extends SubmConv {
  static className = 'SubmConv4D';
  constructor(args: SparseConvolutionArgs) {
    super(4, args);
  }
}
