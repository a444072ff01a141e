import { add, mul, tidy, type serialization, type Tensor, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import type { LayerVariable, Shape } from '@tensorflow/tfjs-layers';
import { siteBatchNorm, siteNormalize } from '@tfjs-sparse/core';
import { activationOf, initializerOf, serialized, type Activation, type Identifier } from './registered-objects.js';
import { channelsOf, featureShape } from './site-inputs.js';
import { SparseLayer, type LayerArgs } from './sparse-layer.js';

export interface SparseBatchNormalizationArgs extends LayerArgs {
  /** Share of the running statistics that a step keeps; default 0.99 (PyTorch's `momentum` is 1 minus this). */
  momentum?: number;
  /** Added to the variance; default 0.001. */
  epsilon?: number;
  /** Applied to the normalised features; default none. */
  activation?: Identifier<Activation>;
}

/**
 * Batch normalization over the sites of all clouds (`siteBatchNorm`). Input and output: features `[sites, channels]`.
 * The running variance is that of the unbiased estimate, as in PyTorch.
 */
export class SparseBatchNormalization extends SparseLayer {
  static className = 'SparseBatchNormalization';
  private readonly momentum: number;
  private readonly epsilon: number;
  private readonly activation: Activation | null;
  private gamma!: LayerVariable;
  private beta!: LayerVariable;
  private movingMean!: LayerVariable;
  private movingVariance!: LayerVariable;

  constructor(args: SparseBatchNormalizationArgs = {}) {
    super(args);
    this.momentum = args.momentum ?? 0.99;
    this.epsilon = args.epsilon ?? 1e-3;
    this.activation = activationOf(args.activation);
  }

  override build(inputShape: Shape | Shape[]): void {
    const shape = [channelsOf(this.name, inputShape)];
    const [zeros, ones] = [initializerOf('zeros'), initializerOf('ones')];
    this.gamma = this.addWeight('gamma', shape, 'float32', ones);
    this.beta = this.addWeight('beta', shape, 'float32', zeros);
    this.movingMean = this.addWeight('moving_mean', shape, 'float32', zeros, undefined, false);
    this.movingVariance = this.addWeight('moving_variance', shape, 'float32', ones, undefined, false);
    super.build(inputShape);
  }

  override call(inputs: Tensor | Tensor[], kwargs: { training?: boolean }): Tensor {
    return tidy(() => {
      const x = (Array.isArray(inputs) ? inputs[0] : inputs) as Tensor2D;
      const y = kwargs.training ? this.train(x) : this.infer(x);
      return this.activation ? this.activation.apply(y) : y;
    });
  }

  private train(x: Tensor2D): Tensor2D {
    const { y, mean, variance } = siteBatchNorm(x, vector(this.gamma), vector(this.beta), this.epsilon);
    const sites = x.shape[0];
    if (sites > 0) {
      this.update(this.movingMean, mean);
      this.update(this.movingVariance, sites > 1 ? mul(variance, sites / (sites - 1)) : variance);
    }
    return y;
  }

  private infer(x: Tensor2D): Tensor2D {
    return siteNormalize(
      x,
      vector(this.movingMean),
      vector(this.movingVariance),
      vector(this.gamma),
      vector(this.beta),
      this.epsilon,
    );
  }

  private update(running: LayerVariable, value: Tensor): void {
    running.write(add(mul(running.read(), this.momentum), mul(value, 1 - this.momentum)));
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return featureShape(inputShape);
  }

  override getConfig(): serialization.ConfigDict {
    return {
      ...super.getConfig(),
      momentum: this.momentum,
      epsilon: this.epsilon,
      activation: serialized(this.activation),
    };
  }
}

function vector(variable: LayerVariable): Tensor1D {
  return variable.read() as Tensor1D;
}
