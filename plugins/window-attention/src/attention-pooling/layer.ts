import { tidy, type serialization, type Tensor } from '@tensorflow/tfjs-core';
import { initializers, type LayerVariable, type Shape } from '@tensorflow/tfjs-layers';
import {
  channelsOf,
  CompositeLayer,
  hasCoordinates,
  onNewSites,
  sparseInput,
  type LayerArgs,
} from '@tfjs-sparse/layers';
import { AttentionPart, matrixOf, NormPart } from '../parts/weight-layers.js';
import { attentionPooling } from './op.js';

export interface AttentionPoolingArgs extends LayerArgs {
  /** Cells of a window on each axis of the map. */
  poolSize: number[];
  /** Default 8, DSVT's. */
  heads?: number;
}

/**
 * Attention-style pooling of DSVT (`attentionPooling`). Input `[features [sites, channels], coords]`, output `[features
 * [windows, channels], coords]`; in a Sequential model features alone.
 */
export class AttentionPooling extends CompositeLayer {
  static className = 'AttentionPooling';
  private readonly poolSize: number[];
  private readonly heads: number;
  private attention!: AttentionPart;
  private norm!: NormPart;
  private position!: LayerVariable;

  constructor(args: AttentionPoolingArgs) {
    super(args);
    this.poolSize = args.poolSize;
    this.heads = args.heads ?? 8;
  }

  override build(inputShape: Shape | Shape[]): void {
    const channels = channelsOf(this.name, inputShape);
    const cells = this.poolSize.reduce((product, size) => product * size, 1);
    this.attention = this.addPart(new AttentionPart('attention', true), channels);
    this.norm = this.addPart(new NormPart('norm'), channels);
    const initializer = initializers.randomNormal({ stddev: 0.01 });
    this.position = this.addWeight('position', [cells, channels], 'float32', initializer);
    super.build(inputShape);
  }

  override call(inputs: Tensor | Tensor[]): Tensor | Tensor[] {
    return tidy(() => {
      const weights = {
        attention: this.attention.read(),
        position: matrixOf(this.position),
        norm: this.norm.read(),
      };
      const { poolSize, heads } = this;
      return onNewSites(
        this.name,
        attentionPooling(sparseInput(this.name, inputs), weights, { poolSize, heads }),
        inputs,
      );
    });
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    const features: Shape = [null, channelsOf(this.name, inputShape)];
    return hasCoordinates(inputShape) ? [features, [null, 1 + this.poolSize.length]] : features;
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), poolSize: [...this.poolSize], heads: this.heads };
  }
}
