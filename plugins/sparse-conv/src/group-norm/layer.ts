import { tidy, type serialization, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import type { LayerVariable, Shape } from '@tensorflow/tfjs-layers';
import { requireRange } from '@tfjs-sparse/core';
import {
  type Activation,
  activationOf,
  channelsOf,
  featureShape,
  type Identifier,
  initializerOf,
  type LayerArgs,
  serialized,
  sparseInput,
  SparseLayer,
} from '@tfjs-sparse/layers';
import { normalizeClouds } from './normalize-clouds.js';

export interface SparseInstanceNormalizationArgs extends LayerArgs {
  /** Added to the variance; default 0.001. */
  epsilon?: number;
  /** Applied to the normalised features; default none. */
  activation?: Identifier<Activation>;
}

export interface SparseGroupNormalizationArgs extends SparseInstanceNormalizationArgs {
  /** Groups of neighbouring channels; divides the channels. */
  groups: number;
}

/** Normalization over the sites of each cloud, with a learned scale and offset per channel. */
abstract class CloudNormalization extends SparseLayer {
  private readonly epsilon: number;
  private readonly activation: Activation | null;
  private gamma!: LayerVariable;
  private beta!: LayerVariable;

  constructor(args: SparseInstanceNormalizationArgs) {
    super(args);
    this.epsilon = args.epsilon ?? 1e-3;
    this.activation = activationOf(args.activation);
  }

  protected abstract groupsOf(channels: number): number;

  override build(inputShape: Shape | Shape[]): void {
    const channels = channelsOf(this.name, inputShape);
    this.groupsOf(channels);
    this.gamma = this.addWeight('gamma', [channels], 'float32', initializerOf('ones'));
    this.beta = this.addWeight('beta', [channels], 'float32', initializerOf('zeros'));
    super.build(inputShape);
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const x = sparseInput(this.name, inputs);
      const [scale, offset] = [this.gamma.read() as Tensor1D, this.beta.read() as Tensor1D];
      const options = { epsilon: this.epsilon, scale, offset };
      const { features } = normalizeClouds(this.name, x, this.groupsOf(x.channels), options);
      return this.activation ? this.activation.apply(features) : features;
    });
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return featureShape(inputShape);
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), epsilon: this.epsilon, activation: serialized(this.activation) };
  }
}

/**
 * Instance normalization (`instanceNorm`). Input: `[features [sites, channels], coords [sites, 1 + rank]]`, or features
 * alone in a Sequential model; output: features.
 */
export class SparseInstanceNormalization extends CloudNormalization {
  static className = 'SparseInstanceNormalization';

  constructor(args: SparseInstanceNormalizationArgs = {}) {
    super(args);
  }

  protected groupsOf(channels: number): number {
    return channels;
  }
}

/** Group normalization (`groupNorm`). As `SparseInstanceNormalization` otherwise. */
export class SparseGroupNormalization extends CloudNormalization {
  static className = 'SparseGroupNormalization';
  private readonly groups: number;

  constructor(args: SparseGroupNormalizationArgs) {
    super(args);
    this.groups = args.groups;
  }

  protected groupsOf(channels: number): number {
    const rule = `groups must be an integer that divides the ${channels} channels`;
    const { groups } = this;
    requireRange(Number.isInteger(groups) && groups >= 1 && channels % groups === 0, this.name, rule, groups);
    return groups;
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), groups: this.groups };
  }
}
