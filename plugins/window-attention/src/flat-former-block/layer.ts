import { clone, dispose, tidy, type serialization, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Shape } from '@tensorflow/tfjs-layers';
import { requireRange, type CoordinateMap, type SparseTensor } from '@tfjs-sparse/core';
import { channelsOf, CompositeLayer, featureShape, sparseInput, type LayerArgs } from '@tfjs-sparse/layers';
import { configOf } from '../parts/config-of.js';
import { EncoderParts } from '../parts/weight-layers.js';
import { sinusoidalPositions, type SinusoidalPositionsOptions } from '../sinusoidal-positions/op.js';
import { setAttentionWeights, type AttentionOfSite } from '../set-attention/attention-weights.js';
import { setEncoder, type SetEncoderWeights } from '../set-encoder/op.js';
import type { SiteSets } from '../site-sets/site-sets.js';
import { flatFormerBlock, flatFormerBlockGroups } from './op.js';

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
      return flatFormerBlock(x, this.readEncoders(), this.optionsFor(x)).features;
    });
  }

  /** The groups of sites that attend to each other in each of the four layers. */
  groups(map: CoordinateMap): SiteSets[] {
    const { axes, ...args } = this.args;
    return flatFormerBlockGroups(map, { ...args, axes: axes ?? undefined });
  }

  /**
   * What a site attends to in one of the four layers (`setAttentionWeights`), to look at.
   *
   * @param x     the input of the block
   * @param layer 0 to 3
   * @throws RangeError for a layer or a site that is none
   */
  async attentionWeights(x: SparseTensor, layer: number, site: number): Promise<AttentionOfSite> {
    requireRange([0, 1, 2, 3].includes(layer), this.name, 'layer must be from 0 to 3', layer);
    const options = this.optionsFor(x);
    const groups = this.groups(x.map);
    const weights = this.readEncoders();
    const rows = tidy(() =>
      groups.slice(0, layer).reduce((from, sets, i) => setEncoder(from, sets, weights[i], options), clone(x.features)),
    );
    const found = await setAttentionWeights(rows, groups[layer], weights[layer].attention, site, options);
    dispose([rows, options.position ?? []]);
    return found;
  }

  private readEncoders(): SetEncoderWeights[] {
    return this.encoders.map((encoder) => encoder.read());
  }

  private optionsFor({ map, channels }: SparseTensor) {
    const { heads, windowSize, groupSize, activation, positions } = this.args;
    const [y, along] = this.args.axes ?? [map.rank - 2, map.rank - 1];
    const position = positions ? sinusoidalPositions(map, { axes: [along, y], ...positions, channels }) : undefined;
    return { heads, windowSize, groupSize, activation, position, axes: [y, along] as const };
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return featureShape(inputShape);
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), ...configOf(this.args) };
  }
}
