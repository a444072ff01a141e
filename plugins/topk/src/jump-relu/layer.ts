import { exp, sum, tidy, type serialization, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import { initializers, type LayerVariable, type Shape } from '@tensorflow/tfjs-layers';
import { requireRange } from '@tfjs-sparse/core';
import { ActivationLayer, lastAxis, onlyInput, type LayerArgs } from '../activation-layer/activation-layer.js';
import { jumpReLU, jumpStep } from './op.js';

export interface JumpReLUArgs extends LayerArgs {
  /** Where each threshold begins, above 0; default 0.01. */
  initialThreshold?: number;
  /** See `JumpReLUOptions`; default 0.001. */
  bandwidth?: number;
}

/**
 * x where it exceeds a learned threshold of its feature, else 0 (Rajamanoharan et al. 2024). The weight is the threshold's
 * logarithm, so that the threshold stays positive.
 */
export class JumpReLU extends ActivationLayer {
  static className = 'JumpReLU';
  private readonly initialThreshold: number;
  private readonly bandwidth: number;
  private logThreshold: LayerVariable | undefined;

  constructor(args: JumpReLUArgs = {}) {
    super(args);
    this.initialThreshold = args.initialThreshold ?? 0.01;
    this.bandwidth = args.bandwidth ?? 0.001;
    requireRange(this.initialThreshold > 0, 'JumpReLU', 'initialThreshold must be above 0', this.initialThreshold);
    requireRange(this.bandwidth > 0, 'JumpReLU', 'bandwidth must be above 0', this.bandwidth);
  }

  override build(inputShape: Shape | Shape[]): void {
    const initializer = initializers.constant({ value: Math.log(this.initialThreshold) });
    this.logThreshold = this.addWeight('log_threshold', [lastAxis(inputShape)], 'float32', initializer);
    super.build(inputShape);
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => jumpReLU(onlyInput(inputs), this.threshold(), { bandwidth: this.bandwidth }));
  }

  /** How many values of each row exceed their thresholds, differentiable: what a sparsity loss adds. */
  activeCounts(x: Tensor): Tensor {
    return tidy(() => sum(jumpStep(x, this.threshold(), { bandwidth: this.bandwidth }), -1));
  }

  private threshold(): Tensor1D {
    return exp(this.logThreshold!.read()) as Tensor1D;
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), initialThreshold: this.initialThreshold, bandwidth: this.bandwidth };
  }
}
