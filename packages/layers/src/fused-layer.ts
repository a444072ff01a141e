import type { serialization, Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import { layers, type LayerVariable } from '@tensorflow/tfjs-layers';
import { isFusedActivation, type Epilogue } from '@tfjs-sparse/core';
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
import type { LayerArgs } from './sparse-layer.js';

export interface FusedArgs extends LayerArgs {
  /** Default true. */
  useBias?: boolean;
  /** Any activation of tfjs; `relu` and `relu6` are fused where the op can. Default none. */
  activation?: Identifier<Activation>;
  /** Default `glorotUniform`; of layers with sparse weights `glorotNormal`. */
  kernelInitializer?: Identifier<Initializer>;
  /** Default `zeros`. */
  biasInitializer?: Identifier<Initializer>;
  /** Default none. */
  kernelRegularizer?: Identifier<Regularizer>;
}

/** A layer around a product with an epilogue: bias and activation belong to the op where it can fuse them. */
export abstract class FusedLayer extends layers.Layer {
  protected readonly kernelInitializer: Initializer;
  protected readonly kernelRegularizer: Regularizer | undefined;
  private readonly useBias: boolean;
  private readonly activation: Activation | null;
  private readonly biasInitializer: Initializer;
  private bias: LayerVariable | undefined;

  constructor(args: FusedArgs, defaultInitializer = 'glorotUniform') {
    super(args);
    this.useBias = args.useBias ?? true;
    this.activation = activationOf(args.activation);
    this.kernelInitializer = initializerOf(args.kernelInitializer ?? defaultInitializer);
    this.biasInitializer = initializerOf(args.biasInitializer ?? 'zeros');
    this.kernelRegularizer = regularizerOf(args.kernelRegularizer);
  }

  /** Makes the bias where the layer has one. */
  protected buildBias(channels: number): void {
    if (this.useBias) this.bias = this.addWeight('bias', [channels], 'float32', this.biasInitializer);
  }

  /** Bias, and the activation where it can be fused. */
  protected get epilogue(): Epilogue {
    const name = this.activation?.getClassName() ?? 'linear';
    const bias = this.bias?.read() as Tensor1D | undefined;
    return { bias, activation: isFusedActivation(name) ? name : 'linear' };
  }

  /** `y` after the activation where that could not be fused. */
  protected activated<T extends Tensor>(y: T): T {
    const isFused = !this.activation || isFusedActivation(this.activation.getClassName());
    return isFused ? y : (this.activation!.apply(y) as T);
  }

  override getConfig(): serialization.ConfigDict {
    return {
      ...super.getConfig(),
      useBias: this.useBias,
      activation: serialized(this.activation),
      kernelInitializer: serialized(this.kernelInitializer),
      biasInitializer: serialized(this.biasInitializer),
      kernelRegularizer: serialized(this.kernelRegularizer),
    };
  }
}
