import { tidy, type serialization, type Tensor } from '@tensorflow/tfjs-core';
import type { Shape } from '@tensorflow/tfjs-layers';
import { featureShape, SparseLayer, type LayerArgs } from '@tfjs-sparse/layers';
import type { GeluApproximation } from './attributes.js';
import { gelu } from './op.js';

export interface GeluArgs extends LayerArgs {
  /** As torch's: 'none' (default) with the error function, or 'tanh'. */
  approximation?: GeluApproximation;
}

/** The Gaussian error linear unit (`gelu`), element by element. */
export class Gelu extends SparseLayer {
  static className = 'SparseGelu'; // tfjs has an activation Gelu
  private readonly approximation: GeluApproximation;

  constructor(args: GeluArgs = {}) {
    super(args);
    this.approximation = args.approximation ?? 'none';
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => gelu([inputs].flat()[0], { approximation: this.approximation }));
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return featureShape(inputShape);
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), approximation: this.approximation };
  }
}
