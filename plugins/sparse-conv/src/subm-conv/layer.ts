import type { Tensor, Tensor1D, Tensor3D } from '@tensorflow/tfjs-core';
import type { KernelGeometry, SparseTensor } from '@tfjs-sparse/core';
import { SparseConvolutionLayer, type SparseConvolutionArgs } from '@tfjs-sparse/layers';
import { convolutionOf } from '../map-convolution/op.js';
import { submConvOn, submGeometry } from './op.js';

/**
 * Submanifold convolution (`submConv`) as a layer. Input: `[features [sites, channels], coords [sites, 1 + rank]]`, or
 * features alone in a Sequential model. Output: features `[sites, filters]` on the same sites.
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
  ): SparseTensor {
    return submConvOn(x, filter, this.geometry, bias, convolutionOf(isRectified));
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
