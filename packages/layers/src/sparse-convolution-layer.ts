import {
  tidy,
  type serialization,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
} from '@tensorflow/tfjs-core';
import type { LayerVariable, Shape } from '@tensorflow/tfjs-layers';
import { requireRange, type SparseTensor } from '@tfjs-sparse/core';
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

export interface SparseConvolutionArgs extends LayerArgs {
  /** Output channels. */
  filters: number;
  /** One size for every axis, or one per axis. */
  kernelSize: number | number[];
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

/** What every sparse convolution layer shares: weights, activation, config. Subclasses say which convolution it is. */
export abstract class SparseConvolutionLayer extends SparseLayer {
  protected readonly filters: number;
  protected readonly kernelSize: number[];
  protected readonly dilationRate: number[];
  private readonly useBias: boolean;
  private readonly activation: Activation | null;
  private readonly kernelInitializer: Initializer;
  private readonly biasInitializer: Initializer;
  private readonly kernelRegularizer: Regularizer | undefined;
  private kernel: LayerVariable | undefined;
  private bias: LayerVariable | undefined;

  constructor(
    protected readonly rank: number,
    args: SparseConvolutionArgs,
  ) {
    super(args);
    requireRange(
      Number.isInteger(args.filters) && args.filters > 0,
      this.name,
      'filters must be an integer >= 1',
      args.filters,
    );
    this.filters = args.filters;
    this.kernelSize = this.perAxis('kernelSize', args.kernelSize, 1);
    this.dilationRate = this.perAxis('dilationRate', args.dilationRate ?? 1, 1);
    this.useBias = args.useBias ?? true;
    this.activation = activationOf(args.activation);
    this.kernelInitializer = initializerOf(args.kernelInitializer ?? 'glorotUniform');
    this.biasInitializer = initializerOf(args.biasInitializer ?? 'zeros');
    this.kernelRegularizer = regularizerOf(args.kernelRegularizer);
  }

  /** The convolution of this layer on `inputs`, whose features and sites are `x`, with ReLU where `isRectified`. */
  protected abstract convolve(
    x: SparseTensor,
    filter: Tensor3D,
    bias: Tensor1D | undefined,
    isRectified: boolean,
    inputs: Tensor | Tensor[],
  ): SparseTensor;

  /** The layer's output for `y`: features, or features and coords. */
  protected abstract outputsOf(y: SparseTensor, inputs: Tensor | Tensor[]): Tensor | Tensor[];

  override build(inputShape: Shape | Shape[]): void {
    const inChannels = channelsOf(this.name, inputShape);
    const offsets = this.kernelSize.reduce((product, size) => product * size, 1);
    const kernelShape = [offsets, inChannels, this.filters];
    this.kernel = this.addWeight('kernel', kernelShape, 'float32', this.kernelInitializer, this.kernelRegularizer);
    if (this.useBias) this.bias = this.addWeight('bias', [this.filters], 'float32', this.biasInitializer);
    super.build(inputShape);
  }

  override call(inputs: Tensor | Tensor[]): Tensor | Tensor[] {
    return tidy(() => {
      const x = this.sparseInput(inputs);
      const [kernel, bias] = [this.kernel!.read() as Tensor3D, this.bias?.read() as Tensor1D | undefined];
      const isRectified = this.activation?.getClassName() === 'relu';
      const y = this.convolve(x, kernel, bias, isRectified, inputs);
      if (!this.activation || isRectified) return this.outputsOf(y, inputs);
      return this.outputsOf(y.withFeatures(this.activation.apply(y.features) as Tensor2D), inputs);
    });
  }

  override computeOutputShape(_inputShape: Shape | Shape[]): Shape | Shape[] {
    return [null, this.filters];
  }

  override getConfig(): serialization.ConfigDict {
    return {
      ...super.getConfig(),
      filters: this.filters,
      kernelSize: this.kernelSize,
      dilationRate: this.dilationRate,
      useBias: this.useBias,
      activation: serialized(this.activation),
      kernelInitializer: serialized(this.kernelInitializer),
      biasInitializer: serialized(this.biasInitializer),
      kernelRegularizer: serialized(this.kernelRegularizer),
    };
  }

  protected perAxis(name: string, value: number | number[], minimum: number): number[] {
    const values = typeof value === 'number' ? Array<number>(this.rank).fill(value) : [...value];
    requireRange(
      values.length === this.rank && values.every((entry) => Number.isInteger(entry) && entry >= minimum),
      this.name,
      `${name} must be an integer >= ${minimum}, or ${this.rank} of them`,
      value,
    );
    return values;
  }
}
