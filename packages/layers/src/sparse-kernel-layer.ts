import { tidy, type serialization, type Tensor, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import type { LayerVariable, Shape } from '@tensorflow/tfjs-layers';
import { offsetCount, type KernelGeometry, type SparseTensor } from '@tfjs-sparse/core';
import {
  activationOf,
  initializerOf,
  regularizerOf,
  serialized,
  type Activation,
  type Identifier,
  type Initializer,
  type Regularizer,
} from './registered-objects.js';
import { channelsOf, SparseLayer, type LayerArgs } from './sparse-layer.js';

export interface SparseKernelArgs extends LayerArgs {
  /** One size for every axis, or one per axis; needed unless `offsets` are given. */
  kernelSize?: number | number[] | null;
  /** `cross`: only the offsets on an axis through the centre; default `box`. */
  kernelShape?: 'box' | 'cross';
  /** Any different offsets, rows of one integer per axis, instead of a box; default none. */
  offsets?: number[][] | null;
  /** Default 1. */
  dilationRate?: number | number[];
  /** Default true. */
  useBias?: boolean;
  /** Default none. */
  activation?: Identifier<Activation>;
  /** Default `glorotUniform`. */
  kernelInitializer?: Identifier<Initializer>;
  /** Default `zeros`. */
  biasInitializer?: Identifier<Initializer>;
  /** Default none. */
  kernelRegularizer?: Identifier<Regularizer>;
}

/** What every layer with a kernel shares: weights, activation, config. Subclasses say what it does with them. */
export abstract class SparseKernelLayer extends SparseLayer {
  protected abstract readonly geometry: KernelGeometry;
  protected readonly kernelInitializer: Initializer;
  protected readonly kernelRegularizer: Regularizer | undefined;
  private readonly kernelShape: 'box' | 'cross';
  private readonly offsets: number[][] | null;
  private readonly useBias: boolean;
  private readonly activation: Activation | null;
  private readonly biasInitializer: Initializer;
  private kernel: LayerVariable | undefined;
  private bias: LayerVariable | undefined;

  constructor(
    protected readonly rank: number,
    args: SparseKernelArgs,
  ) {
    super(args);
    this.kernelShape = args.kernelShape ?? 'box';
    this.offsets = args.offsets ?? null;
    this.useBias = args.useBias ?? true;
    this.activation = activationOf(args.activation);
    this.kernelInitializer = initializerOf(args.kernelInitializer ?? 'glorotUniform');
    this.biasInitializer = initializerOf(args.biasInitializer ?? 'zeros');
    this.kernelRegularizer = regularizerOf(args.kernelRegularizer);
  }

  /** Shape of the kernel for so many offsets. */
  protected abstract weightShape(offsets: number, inChannels: number): Shape;

  protected abstract outChannels(inChannels: number): number;

  /** What this layer makes of `inputs`, whose features and sites are `x`, with ReLU where `isRectified`. */
  protected abstract convolve(
    x: SparseTensor,
    filter: Tensor,
    bias: Tensor1D | undefined,
    isRectified: boolean,
    inputs: Tensor | Tensor[],
  ): SparseTensor;

  /** The layer's output for `y`: features, or features and coords. */
  protected abstract outputsOf(y: SparseTensor, inputs: Tensor | Tensor[]): Tensor | Tensor[];

  override build(inputShape: Shape | Shape[]): void {
    const inChannels = channelsOf(this.name, inputShape);
    const shape = this.weightShape(offsetCount(this.geometry), inChannels);
    this.kernel = this.addWeight('kernel', shape, 'float32', this.kernelInitializer, this.kernelRegularizer);
    this.buildMore(inChannels);
    if (this.useBias) {
      this.bias = this.addWeight('bias', [this.outChannels(inChannels)], 'float32', this.biasInitializer);
    }
    super.build(inputShape);
  }

  /** Makes the weights that a subclass has between kernel and bias. */
  protected buildMore(_inChannels: number): void {}

  override call(inputs: Tensor | Tensor[]): Tensor | Tensor[] {
    return tidy(() => {
      const x = this.sparseInput(inputs);
      const [kernel, bias] = [this.kernel!.read(), this.bias?.read() as Tensor1D | undefined];
      const isRectified = this.activation?.getClassName() === 'relu';
      const y = this.convolve(x, kernel, bias, isRectified, inputs);
      if (!this.activation || isRectified) return this.outputsOf(y, inputs);
      return this.outputsOf(y.withFeatures(this.activation.apply(y.features) as Tensor2D), inputs);
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
      useBias: this.useBias,
      activation: serialized(this.activation),
      kernelInitializer: serialized(this.kernelInitializer),
      biasInitializer: serialized(this.biasInitializer),
      kernelRegularizer: serialized(this.kernelRegularizer),
    };
  }
}
