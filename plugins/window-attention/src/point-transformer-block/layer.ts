import { tidy, type serialization, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import type { layers, Shape } from '@tensorflow/tfjs-layers';
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
import { EncoderParts, RelativeBiasPart } from '../parts/weight-layers.js';
import type { Serialization } from '../serialized-patches/op.js';
import { pointTransformerV3Block } from './op.js';

/** What blocks over serialised patches have in common. */
export interface SerializedBlockArgs extends LayerArgs {
  heads: number;
  /** Sites of a patch. */
  patchSize: number;
  /** The curve; default 'z'. */
  order?: Serialization;
  /** See `serializedPatches`; default 'shortPatch'. */
  smallClouds?: 'shortPatch' | 'smallestCloud';
  /** The axes of the map in the order of the curve; default all. */
  axes?: number[] | null;
  /** Of the feed-forward part; default 4 times the channels. */
  hiddenUnits?: number | null;
  /** Whether normalizations come first (default) or last. */
  normalize?: 'normFirst' | 'normLast';
}

export interface PointTransformerV3BlockArgs extends SerializedBlockArgs {
  /**
   * The convolution of the position encoding, which keeps sites and channels: `new SubmConv3D({ filters: channels,
   * kernelSize: 3 })` of sparse-conv. The block takes the layer over.
   */
  convolution: Identifier<layers.Layer>;
  /** Adds a learned bias by the difference of coordinates, up to so many cells on each axis (`enable_rpe`); default none. */
  relativeBound?: number | null;
  /** Sites' axes, which a relative bias needs to know; default 3. */
  rank?: number;
}

/**
 * The Block of Point Transformer V3 (`pointTransformerV3Block`). Input `[features [sites, channels], coords]`, or features
 * alone in a Sequential model; output features `[sites, channels]`.
 */
export class PointTransformerV3Block extends CompositeLayer {
  static className = 'PointTransformerV3Block';
  private readonly args: Required<Omit<PointTransformerV3BlockArgs, keyof LayerArgs | 'convolution'>>;
  private readonly convolution: layers.Layer;
  private branch!: BranchParts;
  private encoder!: EncoderParts;
  private readonly relativeBias: RelativeBiasPart | null;

  constructor(args: PointTransformerV3BlockArgs) {
    super(args);
    const { heads, patchSize, order = 'z', smallClouds = 'shortPatch', axes = null, hiddenUnits = null } = args;
    const { normalize = 'normFirst', relativeBound = null, rank = 3 } = args;
    this.args = { heads, patchSize, order, smallClouds, axes, hiddenUnits, normalize, relativeBound, rank };
    this.relativeBias =
      relativeBound === null
        ? null
        : new RelativeBiasPart('PointTransformerV3Block', relativeBound, axes?.length ?? rank, heads);
    this.convolution = ownConvolution('PointTransformerV3Block', args.convolution);
  }

  override build(inputShape: Shape | Shape[]): void {
    const channels = channelsOf(this.name, inputShape);
    const { hiddenUnits } = this.args;
    const add = <Part extends layers.Layer>(part: Part, width: number) => this.addPart(part, width);
    this.branch = new BranchParts(this.convolution, channels, add);
    this.encoder = new EncoderParts('', channels, hiddenUnits ?? 4 * channels, add);
    if (this.relativeBias) this.addPart(this.relativeBias, channels);
    super.build(inputShape);
  }

  override call(inputs: Tensor | Tensor[], kwargs: object): Tensor2D {
    return tidy(() => {
      const weights = {
        position: this.branch.read(inputs, kwargs),
        encoder: this.encoder.read(),
        relativeBias: this.relativeBias?.read(),
      };
      const options = { ...this.args, axes: this.args.axes ?? undefined };
      return pointTransformerV3Block(sparseInput(this.name, inputs), weights, options).features;
    });
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return featureShape(inputShape);
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), ...configOf(this.args), convolution: serialized(this.convolution) };
  }
}
