import { tidy, type serialization, type Tensor } from '@tensorflow/tfjs-core';
import { layers, type Shape } from '@tensorflow/tfjs-layers';
import { featureShape, type LayerArgs } from '@tfjs-sparse/layers';
import { defaultLevels, integerSpikes, requireLevels } from './op.js';

export interface IntegerSpikesArgs extends LayerArgs {
  /** Most spikes; default 4. */
  levels?: number;
}

/** The activation `integerSpikes`, on features of any shape. */
export class IntegerSpikes extends layers.Layer {
  static className = 'IntegerSpikes';
  private readonly levels: number;

  constructor(args: IntegerSpikesArgs = {}) {
    super(args);
    this.levels = args.levels ?? defaultLevels;
    requireLevels(this.name, this.levels);
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => integerSpikes(Array.isArray(inputs) ? inputs[0] : inputs, this.levels));
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return featureShape(inputShape);
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), levels: this.levels };
  }
}
