import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Epilogue, SparseTensor } from '@tfjs-sparse/core';
import { hasCoordinates, popCoordinates, targetInput } from '@tfjs-sparse/layers';
import { StridedConvolutionLayer, type StridedConvolutionArgs } from '../sparse-conv/layer.js';
import { sparseInverseConvOn } from './op.js';

/**
 * Inverse convolution (`sparseInverseConv`) as a layer, with the geometry of the strided layer that it undoes. Input:
 * `[features [coarse sites, channels], coords [coarse sites, 1 + rank], target coords [sites, 1 + rank]]`, output:
 * `[features [sites, filters], target coords]`. In a Sequential model features alone: it undoes the last strided layer.
 */
abstract class SparseInverseConv extends StridedConvolutionLayer {
  protected convolve(
    x: SparseTensor,
    filter: Tensor3D,
    epilogue: Epilogue<Tensor2D>,
    inputs: Tensor | Tensor[],
  ): SparseTensor {
    const isFunctional = Array.isArray(inputs) && hasCoordinates(inputs);
    const target = isFunctional ? targetInput(this.name, inputs) : popCoordinates(this.name);
    return sparseInverseConvOn(x, filter, this.geometry, target, epilogue, this.groups);
  }

  protected outputsOf(y: SparseTensor, inputs: Tensor | Tensor[]): Tensor | Tensor[] {
    return hasCoordinates(inputs) ? [y.features, y.map.toTensor()] : y.features;
  }
}

export class SparseInverseConv1D extends SparseInverseConv {
  static className = 'SparseInverseConv1D';
  constructor(args: StridedConvolutionArgs) {
    super(1, args);
  }
}

export class SparseInverseConv2D extends SparseInverseConv {
  static className = 'SparseInverseConv2D';
  constructor(args: StridedConvolutionArgs) {
    super(2, args);
  }
}

export class SparseInverseConv3D extends SparseInverseConv {
  static className = 'SparseInverseConv3D';
  constructor(args: StridedConvolutionArgs) {
    super(3, args);
  }
}

export class SparseInverseConv4D extends SparseInverseConv {
  static className = 'SparseInverseConv4D';
  constructor(args: StridedConvolutionArgs) {
    super(4, args);
  }
}
