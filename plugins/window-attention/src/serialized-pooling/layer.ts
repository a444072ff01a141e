import { tidy, type serialization, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Shape } from '@tensorflow/tfjs-layers';
import { coordinateMapOf, requireRange, SparseTensor, type Reduction } from '@tfjs-sparse/core';
import {
  channelsOf,
  CompositeLayer,
  featureShape,
  hasCoordinates,
  onNewSites,
  SparseBatchNormalization,
  sparseInput,
  type LayerArgs,
} from '@tfjs-sparse/layers';
import { layerNorm } from '../layer-norm/op.js';
import { LinearPart, NormPart } from '../parts/weight-layers.js';
import { serializedPooling, serializedUnpooling, type ProjectionWeights } from './op.js';

export interface SerializedPoolingArgs extends LayerArgs {
  /** Channels of the output. */
  filters: number;
  /** Cells of the coarser grid's cell on each axis; default 2 on each of three. */
  strides?: number[];
  /** Over sites (`batch`, default: momentum 0.99, epsilon 0.001, as the peers'), over channels (`layer`), or `none`. */
  normalization?: 'batch' | 'layer' | 'none';
}

export interface SerializedPoolingReductionArgs extends SerializedPoolingArgs {
  /** Default 'max'. */
  reduction?: Reduction;
}

const normalizations: readonly string[] = ['batch', 'layer', 'none'];

/** The weights of `gelu(normalize(linear(x)))`. */
abstract class ProjectionLayer extends CompositeLayer {
  protected readonly filters: number;
  protected readonly strides: number[];
  private readonly normalization: 'batch' | 'layer' | 'none';

  constructor(args: SerializedPoolingArgs) {
    super(args);
    const { filters, strides = [2, 2, 2], normalization = 'batch' } = args;
    requireRange(Number.isInteger(filters) && filters > 0, this.name, 'filters must be an integer from 1', filters);
    const rule = "normalization must be 'batch', 'layer' or 'none'";
    requireRange(normalizations.includes(normalization), this.name, rule, normalization);
    this.filters = filters;
    this.strides = strides;
    this.normalization = normalization;
  }

  /** Makes a projection of rows of `channels`. @returns reads it */
  protected addProjection(prefix: string, channels: number): (kwargs: { training?: boolean }) => ProjectionWeights {
    const linear = this.addPart(new LinearPart(`${prefix}linear`, this.filters), channels);
    if (this.normalization === 'none') return () => linear.read();
    if (this.normalization === 'layer') {
      const norm = this.addPart(new NormPart(`${prefix}norm`), this.filters);
      return () => {
        const { scale, offset } = norm.read();
        return { ...linear.read(), normalize: (x) => layerNorm(x, scale, offset) };
      };
    }
    const norm = this.addPart(new SparseBatchNormalization({ name: `${prefix}norm` }), this.filters);
    return (kwargs) => ({ ...linear.read(), normalize: (x) => norm.call(x, kwargs) as Tensor2D });
  }

  override getConfig(): serialization.ConfigDict {
    const { filters, strides, normalization } = this;
    return { ...super.getConfig(), filters, strides: [...strides], normalization };
  }
}

/**
 * SerializedPooling of Point Transformer V3, GridPooling of LitePT (`serializedPooling`). Input `[features [sites, channels],
 * coords]`, output `[features [coarser sites, filters], coords]`; in a Sequential model features alone.
 */
export class SerializedPooling extends ProjectionLayer {
  static className = 'SerializedPooling';
  private readonly reduction: Reduction;
  private projection!: (kwargs: { training?: boolean }) => ProjectionWeights;

  constructor(args: SerializedPoolingReductionArgs) {
    super(args);
    this.reduction = args.reduction ?? 'max';
  }

  override build(inputShape: Shape | Shape[]): void {
    this.projection = this.addProjection('', channelsOf(this.name, inputShape));
    super.build(inputShape);
  }

  override call(inputs: Tensor | Tensor[], kwargs: { training?: boolean }): Tensor | Tensor[] {
    return tidy(() => {
      const { strides, reduction } = this;
      const x = sparseInput(this.name, inputs);
      return onNewSites(this.name, serializedPooling(x, this.projection(kwargs), { strides, reduction }), inputs);
    });
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    const features: Shape = [null, this.filters];
    return hasCoordinates(inputShape) ? [features, [null, 1 + this.strides.length]] : features;
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), reduction: this.reduction };
  }
}

/**
 * SerializedUnpooling of Point Transformer V3 and LitePT (`serializedUnpooling`). Inputs `[features [sites, channels], coords,
 * coarser features [coarser sites, coarser channels], coarser coords]`, output features `[sites, filters]`.
 */
export class SerializedUnpooling extends ProjectionLayer {
  static className = 'SerializedUnpooling';
  private fine!: (kwargs: { training?: boolean }) => ProjectionWeights;
  private coarse!: (kwargs: { training?: boolean }) => ProjectionWeights;

  override build(inputShape: Shape[]): void {
    requireFour(this.name, inputShape.length);
    this.fine = this.addProjection('fine_', channelsOf(this.name, inputShape[0]));
    this.coarse = this.addProjection('coarse_', channelsOf(this.name, inputShape[2]));
    super.build(inputShape);
  }

  override call(inputs: Tensor | Tensor[], kwargs: { training?: boolean }): Tensor2D {
    return tidy(() => {
      const given = [inputs].flat();
      requireFour(this.name, given.length);
      const [fine, coarse] = [0, 2].map(
        (at) => new SparseTensor(given[at] as Tensor2D, coordinateMapOf(given[at + 1])),
      );
      const weights = { fine: this.fine(kwargs), coarse: this.coarse(kwargs) };
      return serializedUnpooling(fine, coarse, weights, { strides: this.strides }).features;
    });
  }

  override computeOutputShape(inputShape: Shape[]): Shape {
    return [featureShape(inputShape)[0], this.filters];
  }
}

function requireFour(layer: string, inputs: number): void {
  requireRange(inputs === 4, layer, 'inputs must be features, coords, coarser features and coarser coords', inputs);
}
