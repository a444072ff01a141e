import { tidy, type serialization, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Shape } from '@tensorflow/tfjs-layers';
import { channelsOf, CompositeLayer, featureShape, sparseInput, type LayerArgs } from '@tfjs-sparse/layers';
import { configOf } from '../parts/config-of.js';
import { EncoderParts } from '../parts/weight-layers.js';
import { sinusoidalPositions, type SinusoidalPositionsOptions } from '../sinusoidal-positions/op.js';
import { flatFormerBlock } from './op.js';

export interface FlatFormerBlockArgs extends LayerArgs {
  heads: number;
  /** Cells of a window on each axis of the map. */
  windowSize: number[];
  /** Sites of a group; default 69, FlatFormer's. */
  groupSize?: number;
  /** Of the feed-forward parts; default twice the channels. */
  hiddenUnits?: number | null;
  /** Default 'gelu'. */
  activation?: 'relu' | 'gelu';
  /** The axes y and x of the map; default the last two. */
  axes?: [number, number] | null;
  /**
   * Of `sinusoidalPositions`, which are added to what queries and keys are made of; their axes are x and y by default. null
   * for none.
   */
  positions?: Omit<SinusoidalPositionsOptions, 'channels'> | null;
}

/**
 * FlatFormer's BasicBlock (`flatFormerBlock`): four layers of attention over groups along x and y. Input `[features [sites,
 * channels], coords]`, or features alone in a Sequential model; output features `[sites, channels]`.
 */
export class FlatFormerBlock extends CompositeLayer {
  static className = 'FlatFormerBlock';
  private readonly args: Required<Omit<FlatFormerBlockArgs, keyof LayerArgs>>;
  private encoders!: readonly EncoderParts[];

  constructor(args: FlatFormerBlockArgs) {
    super(args);
    const { heads, windowSize, groupSize = 69, hiddenUnits = null, activation = 'gelu', axes = null } = args;
    const { positions = {} } = args;
    this.args = { heads, windowSize, groupSize, hiddenUnits, activation, axes, positions };
  }

  override build(inputShape: Shape | Shape[]): void {
    const channels = channelsOf(this.name, inputShape);
    const hidden = this.args.hiddenUnits ?? 2 * channels;
    this.encoders = [0, 1, 2, 3].map(
      (layer) => new EncoderParts(`layer${layer}_`, channels, hidden, (part, width) => this.addPart(part, width)),
    );
    super.build(inputShape);
  }

  override call(inputs: Tensor | Tensor[]): Tensor2D {
    return tidy(() => {
      const x = sparseInput(this.name, inputs);
      const { heads, windowSize, groupSize, activation, positions } = this.args;
      const { rank } = x.map;
      const [y, along] = this.args.axes ?? [rank - 2, rank - 1];
      const position = positions
        ? sinusoidalPositions(x.map, { axes: [along, y], ...positions, channels: x.channels })
        : undefined;
      const weights = this.encoders.map((encoder) => encoder.read());
      const options = { heads, windowSize, groupSize, activation, position, axes: [y, along] as const };
      return flatFormerBlock(x, weights, options).features;
    });
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return featureShape(inputShape);
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), ...configOf(this.args) };
  }
}
