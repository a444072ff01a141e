import { tidy, type serialization, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import type { layers, LayerVariable, Shape } from '@tensorflow/tfjs-layers';
import { offsetCount, type Epilogue, type KernelGeometry, type SparseTensor } from '@tfjs-sparse/core';
import { FusedLayer, type FusedArgs } from './fused-layer.js';
import { channelsOf, sparseInput, withIntegerCoordinates } from './site-inputs.js';

export interface SparseKernelArgs extends FusedArgs {
  /** One size for every axis, or one per axis; needed unless `offsets` are given. */
  kernelSize?: number | number[] | null;
  /** `cross`: only the offsets on an axis through the centre; default `box`. */
  kernelShape?: 'box' | 'cross';
  /** Any different offsets, rows of one integer per axis, instead of a box; default none. */
  offsets?: number[][] | null;
  /** Default 1. */
  dilationRate?: number | number[];
}

/** A layer with a kernel on sparse tensors. Subclasses say what it does with the kernel. */
export abstract class SparseKernelLayer extends FusedLayer {
  protected abstract readonly geometry: KernelGeometry;
  private readonly kernelShape: 'box' | 'cross';
  private readonly offsets: number[][] | null;
  private kernel: LayerVariable | undefined;

  constructor(
    protected readonly rank: number,
    args: SparseKernelArgs,
  ) {
    super(args);
    this.kernelShape = args.kernelShape ?? 'box';
    this.offsets = args.offsets ?? null;
  }

  /** Shape of the kernel for so many offsets. */
  protected abstract weightShape(offsets: number, inChannels: number): Shape;

  protected abstract outChannels(inChannels: number): number;

  /** What this layer makes of `inputs`, whose features and sites are `x`. */
  protected abstract convolve(
    x: SparseTensor,
    filter: Tensor,
    epilogue: Epilogue<Tensor2D>,
    inputs: Tensor | Tensor[],
  ): SparseTensor;

  /** The layer's output for `y`: features, or features and coords. */
  protected abstract outputsOf(y: SparseTensor, inputs: Tensor | Tensor[]): Tensor | Tensor[];

  override apply(...args: Parameters<layers.Layer['apply']>): ReturnType<layers.Layer['apply']> {
    return withIntegerCoordinates(super.apply(...args));
  }

  override build(inputShape: Shape | Shape[]): void {
    const inChannels = channelsOf(this.name, inputShape);
    const shape = this.weightShape(offsetCount(this.geometry), inChannels);
    this.kernel = this.addKernel('kernel', shape);
    this.buildMore(inChannels);
    this.buildBias(this.outChannels(inChannels));
    super.build(inputShape);
  }

  /** Makes the weights that a subclass has between kernel and bias. */
  protected buildMore(_inChannels: number): void {}

  override call(inputs: Tensor | Tensor[]): Tensor | Tensor[] {
    return tidy(() => {
      const x = sparseInput(this.name, inputs);
      const y = this.convolve(x, this.kernel!.read(), this.epilogue as Epilogue<Tensor2D>, inputs);
      return this.outputsOf(y.withFeatures(this.activated(y.features)), inputs);
    });
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    return [null, this.outChannels(channelsOf(this.name, inputShape))];
  }

  override getConfig(): serialization.ConfigDict {
    return {
      ...super.getConfig(),
      kernelSize: this.offsets ? null : [...this.geometry.kernelSize],
      kernelShape: this.kernelShape,
      offsets: this.offsets,
      dilationRate: [...this.geometry.dilation],
    };
  }
}
