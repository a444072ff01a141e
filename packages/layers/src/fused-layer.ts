import type { serialization, Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import { layers, type LayerVariable, type Shape } from '@tensorflow/tfjs-layers';
import { isFusedActivation, type Epilogue } from '@tfjs-sparse/core';
import {
  activationOf,
  constraintOf,
  initializerOf,
  regularizerOf,
  serialized,
  type Activation,
  type Constraint,
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
  /** Default none. */
  biasRegularizer?: Identifier<Regularizer>;
  /** Default none. */
  kernelConstraint?: Identifier<Constraint>;
  /** Default none. */
  biasConstraint?: Identifier<Constraint>;
}

const fusedKeys = [
  'trainable',
  'useBias',
  'activation',
  'kernelInitializer',
  'biasInitializer',
  'kernelRegularizer',
  'biasRegularizer',
  'kernelConstraint',
  'biasConstraint',
] as const;

/** The settings of a layer of tfjs that a FusedLayer in its place has too, its name among them. */
export function fusedArgsOf(layer: layers.Layer): FusedArgs {
  const config = layer.getConfig();
  const entries = fusedKeys.filter((key) => config[key] != null).map((key) => [key, config[key]]);
  return { name: layer.name, ...(Object.fromEntries(entries) as FusedArgs) };
}

const kernelKeys = ['kernelInitializer', 'kernelRegularizer', 'kernelConstraint'] as const;

/** The settings of a kernel. */
export type KernelSetting = (typeof kernelKeys)[number];

/** Settings of a layer that has no kernel for these to act on. */
export function withoutKernel<T extends object>(settings: T): Omit<T, KernelSetting> {
  const entries = Object.entries(settings).filter(([key]) => !(kernelKeys as readonly string[]).includes(key));
  return Object.fromEntries(entries) as Omit<T, KernelSetting>;
}

/** A layer around a product with an epilogue: bias and activation belong to the op where it can fuse them. */
export abstract class FusedLayer extends layers.Layer {
  protected readonly kernelInitializer: Initializer;
  protected readonly kernelRegularizer: Regularizer | undefined;
  protected readonly kernelConstraint: Constraint | undefined;
  private readonly useBias: boolean;
  private readonly activation: Activation | null;
  private readonly biasInitializer: Initializer;
  private readonly biasRegularizer: Regularizer | undefined;
  private readonly biasConstraint: Constraint | undefined;
  private bias: LayerVariable | undefined;

  constructor(args: FusedArgs, defaultInitializer = 'glorotUniform') {
    super(args);
    this.useBias = args.useBias ?? true;
    this.activation = activationOf(args.activation);
    this.kernelInitializer = initializerOf(args.kernelInitializer ?? defaultInitializer);
    this.biasInitializer = initializerOf(args.biasInitializer ?? 'zeros');
    this.kernelRegularizer = regularizerOf(args.kernelRegularizer);
    this.biasRegularizer = regularizerOf(args.biasRegularizer);
    this.kernelConstraint = constraintOf(args.kernelConstraint);
    this.biasConstraint = constraintOf(args.biasConstraint);
  }

  /** Makes the bias where the layer has one. */
  protected buildBias(channels: number): void {
    this.bias = this.addBias('bias', channels);
  }

  /** Makes a vector with the initializer, the regularizer and the constraint of biases, where the layer has such. */
  protected addBias(name: string, channels: number): LayerVariable | undefined {
    if (!this.useBias) return undefined;
    const { biasInitializer, biasRegularizer, biasConstraint } = this;
    return this.addWeight(name, [channels], 'float32', biasInitializer, biasRegularizer, true, biasConstraint);
  }

  /** Makes a weight with the regularizer and the constraint of kernels, by default with their initializer too. */
  protected addKernel(name: string, shape: Shape, initializer: Initializer = this.kernelInitializer): LayerVariable {
    const { kernelRegularizer, kernelConstraint } = this;
    return this.addWeight(name, shape, 'float32', initializer, kernelRegularizer, true, kernelConstraint);
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

  /** Where masks go through (`supportsMasking`), that of x and not of a residual. */
  override computeMask(inputs: Tensor | Tensor[], mask?: Tensor | Tensor[]): Tensor | Tensor[] {
    return super.computeMask(inputs, this.supportsMasking ? [mask].flat()[0] : mask);
  }

  override getConfig(): serialization.ConfigDict {
    return {
      ...super.getConfig(),
      useBias: this.useBias,
      activation: serialized(this.activation),
      kernelInitializer: serialized(this.kernelInitializer),
      biasInitializer: serialized(this.biasInitializer),
      kernelRegularizer: serialized(this.kernelRegularizer),
      biasRegularizer: serialized(this.biasRegularizer),
      kernelConstraint: serialized(this.kernelConstraint),
      biasConstraint: serialized(this.biasConstraint),
    };
  }
}
