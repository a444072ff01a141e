import { tidy, type serialization, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import type { layers, Shape } from '@tensorflow/tfjs-layers';
import { requireRange } from '@tfjs-sparse/core';
import {
  channelsOf,
  CompositeLayer,
  featureShape,
  serialized,
  sparseInput,
  type Identifier,
  type LayerArgs,
} from '@tfjs-sparse/layers';
import { BranchParts, ownConvolution } from '../convolution-branch/branch-layers.js';
import { configOf } from '../parts/config-of.js';
import { EncoderParts, NormPart } from '../parts/weight-layers.js';
import type { SerializedBlockArgs } from '../point-transformer-block/layer.js';
import { litePTBlock } from './op.js';

export interface LitePTBlockArgs extends SerializedBlockArgs {
  /**
   * A convolution that keeps sites and channels: `new SubmConv3D({ filters: channels, kernelSize: 3 })` of sparse-conv. The
   * block takes the layer over. Default none: a normalization takes its place.
   */
  convolution?: Identifier<layers.Layer> | null;
  /** Whether there are attention and a feed-forward part; default true. */
  attention?: boolean;
  /** Base of the angles of PointROPE; default 100. */
  frequency?: number;
}

/**
 * The Block of LitePT (`litePTBlock`). Input `[features [sites, channels], coords]`, or features alone in a Sequential model;
 * output features `[sites, channels]`.
 */
export class LitePTBlock extends CompositeLayer {
  static className = 'LitePTBlock';
  private readonly args: Required<Omit<LitePTBlockArgs, keyof LayerArgs | 'convolution'>>;
  private readonly convolution: layers.Layer | null;
  private branch: BranchParts | undefined;
  private norm: NormPart | undefined;
  private encoder: EncoderParts | undefined;

  constructor(args: LitePTBlockArgs) {
    super(args);
    const { heads, patchSize, order = 'z', smallClouds = 'shortPatch', axes = null, hiddenUnits = null } = args;
    const { normalize = 'normFirst', attention = true, frequency = 100, convolution } = args;
    const isBlock = attention || convolution != null;
    requireRange(isBlock, 'LitePTBlock', 'attention must be true where there is no convolution', attention);
    this.args = { heads, patchSize, order, smallClouds, axes, hiddenUnits, normalize, attention, frequency };
    this.convolution = convolution == null ? null : ownConvolution('LitePTBlock', convolution);
  }

  override build(inputShape: Shape | Shape[]): void {
    const channels = channelsOf(this.name, inputShape);
    const { hiddenUnits, attention } = this.args;
    const add = <Part extends layers.Layer>(part: Part, width: number) => this.addPart(part, width);
    if (this.convolution) this.branch = new BranchParts(this.convolution, channels, add);
    else this.norm = add(new NormPart('norm0'), channels);
    if (attention) this.encoder = new EncoderParts('', channels, hiddenUnits ?? 4 * channels, add);
    super.build(inputShape);
  }

  override call(inputs: Tensor | Tensor[], kwargs: object): Tensor2D {
    return tidy(() => {
      const weights = {
        convolution: this.branch?.read(inputs, kwargs),
        norm: this.norm?.read(),
        encoder: this.encoder?.read(),
      };
      const options = { ...this.args, axes: this.args.axes ?? undefined };
      return litePTBlock(sparseInput(this.name, inputs), weights, options).features;
    });
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return featureShape(inputShape);
  }

  override getConfig(): serialization.ConfigDict {
    const convolution = this.convolution && serialized(this.convolution);
    return { ...super.getConfig(), ...configOf(this.args), convolution };
  }
}
