import type { serialization, Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { LayerVariable, Shape } from '@tensorflow/tfjs-layers';
import { type Epilogue, type KernelGeometry, requireRange, type SparseTensor } from '@tfjs-sparse/core';
import { SparseKernelLayer, type SparseKernelArgs } from '@tfjs-sparse/layers';
import { kernelOptions } from '../convolution-arguments.js';
import { submConvOn, submGeometry } from '../subm-conv/op.js';
import { depthwiseConvOn } from './op.js';

export interface SubmSeparableArgs extends SparseKernelArgs {
  /** Output channels. */
  filters: number;
  /** See `submConv`; needed for even sizes. */
  padding?: number | number[];
}

/**
 * Depthwise submanifold convolution, then a 1 x 1 convolution with bias and activation (Chollet 2017, "Xception").
 * Input: `[features [sites, channels], coords [sites, 1 + rank]]`, or features alone in a Sequential model. Output:
 * features `[sites, filters]` on the same sites. Weights: kernel `[offsets, channels]`, pointwise kernel
 * `[1, channels, filters]`, bias `[filters]`.
 */
abstract class SubmSeparableConv extends SparseKernelLayer {
  protected readonly geometry: KernelGeometry;
  private readonly filters: number;
  private readonly pointGeometry: KernelGeometry;
  private pointwiseKernel: LayerVariable | undefined;

  constructor(rank: number, args: SubmSeparableArgs) {
    super(rank, args);
    this.filters = args.filters;
    const isCount = Number.isInteger(this.filters) && this.filters > 0;
    requireRange(isCount, this.name, 'filters must be an integer >= 1', this.filters);
    this.geometry = submGeometry(this.name, { ...kernelOptions(args), padding: args.padding }, rank);
    this.pointGeometry = submGeometry(this.name, { kernelSize: 1 }, rank);
  }

  protected weightShape(offsets: number, inChannels: number): Shape {
    return [offsets, inChannels];
  }

  protected outChannels(): number {
    return this.filters;
  }

  protected override buildMore(inChannels: number): void {
    const shape = [1, inChannels, this.filters];
    this.pointwiseKernel = this.addKernel('pointwise_kernel', shape);
  }

  protected convolve(x: SparseTensor, filter: Tensor2D, epilogue: Epilogue<Tensor2D>): SparseTensor {
    const y = depthwiseConvOn(this.name, x, filter, this.geometry);
    const pointwise = this.pointwiseKernel!.read() as Tensor3D;
    return submConvOn(this.name, y, pointwise, this.pointGeometry, epilogue);
  }

  protected outputsOf(y: SparseTensor): Tensor {
    return y.features;
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), filters: this.filters, padding: [...this.geometry.padding] };
  }
}

export class SubmSeparableConv1D extends SubmSeparableConv {
  static className = 'SubmSeparableConv1D';
  constructor(args: SubmSeparableArgs) {
    super(1, args);
  }
}

export class SubmSeparableConv2D extends SubmSeparableConv {
  static className = 'SubmSeparableConv2D';
  constructor(args: SubmSeparableArgs) {
    super(2, args);
  }
}

export class SubmSeparableConv3D extends SubmSeparableConv {
  static className = 'SubmSeparableConv3D';
  constructor(args: SubmSeparableArgs) {
    super(3, args);
  }
}

export class SubmSeparableConv4D extends SubmSeparableConv {
  static className = 'SubmSeparableConv4D';
  constructor(args: SubmSeparableArgs) {
    super(4, args);
  }
}
