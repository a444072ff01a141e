import { tidy, type serialization, type Tensor } from '@tensorflow/tfjs-core';
import { requireRange } from '@tfjs-sparse/core';
import { ActivationLayer, onlyInput, type LayerArgs } from '../activation-layer/activation-layer.js';
import { gaussianTopK } from './op.js';

export interface GaussianTopKArgs extends LayerArgs {
  /** The share of a normally distributed row that stays, above 0 and below 1; Gemma 3n has 0.05 (sparsity 0.95). */
  share: number;
}

/** relu of each row above the cut-off that `share` of a normal distribution exceeds (Gemma 3n). */
export class GaussianTopK extends ActivationLayer {
  static className = 'GaussianTopK';
  private readonly share: number;

  constructor(args: GaussianTopKArgs) {
    super(args);
    const { share } = args;
    requireRange(share > 0 && share < 1, 'GaussianTopK', 'share must be above 0 and below 1', share);
    this.share = share;
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => gaussianTopK(onlyInput(inputs), { share: this.share }));
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), share: this.share };
  }
}
