import { tidy, type serialization, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { initializers, type layers, type LayerVariable, type Shape } from '@tensorflow/tfjs-layers';
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
import { EncoderParts, matrixOf } from '../parts/weight-layers.js';
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
  private table: LayerVariable | undefined;

  constructor(args: PointTransformerV3BlockArgs) {
    super(args);
    const { heads, patchSize, order = 'z', smallClouds = 'shortPatch', axes = null, hiddenUnits = null } = args;
    const { normalize = 'normFirst', relativeBound = null, rank = 3 } = args;
    const isBound = relativeBound === null || (Number.isInteger(relativeBound) && relativeBound >= 0);
    requireRange(isBound, 'PointTransformerV3Block', 'relativeBound must be an integer from 0', relativeBound);
    this.args = { heads, patchSize, order, smallClouds, axes, hiddenUnits, normalize, relativeBound, rank };
    this.convolution = ownConvolution('PointTransformerV3Block', args.convolution);
  }

  override build(inputShape: Shape | Shape[]): void {
    const channels = channelsOf(this.name, inputShape);
    const { hiddenUnits, relativeBound, axes, rank, heads } = this.args;
    const add = <Part extends layers.Layer>(part: Part, width: number) => this.addPart(part, width);
    this.branch = new BranchParts(this.convolution, channels, add);
    this.encoder = new EncoderParts('', channels, hiddenUnits ?? 4 * channels, add);
    if (relativeBound !== null) {
      const rows = (axes?.length ?? rank) * (2 * relativeBound + 1);
      const initializer = initializers.truncatedNormal({ stddev: 0.02 });
      this.table = this.addWeight('relative_bias', [rows, heads], 'float32', initializer);
    }
    super.build(inputShape);
  }

  override call(inputs: Tensor | Tensor[], kwargs: object): Tensor2D {
    return tidy(() => {
      const weights = {
        position: this.branch.read(inputs, kwargs),
        encoder: this.encoder.read(),
        relativeBias: this.table && matrixOf(this.table),
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
