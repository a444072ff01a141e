import { tidy, type serialization, type Tensor, type Tensor3D } from '@tensorflow/tfjs-core';
import { initializers, type LayerVariable, type Shape } from '@tensorflow/tfjs-layers';
import { requireRange } from '@tfjs-sparse/core';
import { CompositeLayer, type LayerArgs } from '@tfjs-sparse/layers';
import { configOf } from '../parts/config-of.js';
import { AttentionPart, matrixOf, vectorOf } from '../parts/weight-layers.js';
import { sparsifinerAttention } from './op.js';

export interface SparsifinerAttentionArgs extends LayerArgs {
  heads: number;
  /** Keys of each query, as a share of the tokens, rounded up; default 0.25. */
  keep?: number;
  /** Tokens that the predictor combines all into; default an eighth of them, rounded up. */
  basis?: number | null;
  /** Channels of the predictor; default half of a head's, rounded up. */
  reducedChannels?: number | null;
  /** See `sparsifinerAttention`; default 0. */
  basisThreshold?: number;
  /** See `sparsifinerAttention`; default 0. */
  coefficientThreshold?: number;
  /** See `sparsifinerAttention`; default none. */
  coefficients?: number | null;
}

const predictorNames = ['query', 'queryBias', 'key', 'keyBias', 'combine', 'basis'] as const;
type PredictorName = (typeof predictorNames)[number];

/**
 * Attention of a vision transformer to predicted keys (`sparsifinerAttention`). Input and output `[batches, tokens,
 * channels]`, the class token first; the number of tokens must be known. `fit` trains the projections; the predictor, which
 * the authors train by a loss of its own, keeps the weights that it is given.
 */
export class SparsifinerAttention extends CompositeLayer {
  static className = 'SparsifinerAttention';
  private readonly args: Required<Omit<SparsifinerAttentionArgs, keyof LayerArgs>>;
  private attention!: AttentionPart;
  private readonly predictor: Partial<Record<PredictorName, LayerVariable>> = {};

  constructor(args: SparsifinerAttentionArgs) {
    super(args);
    const { heads, keep = 0.25, basis = null, reducedChannels = null, coefficients = null } = args;
    const { basisThreshold = 0, coefficientThreshold = 0 } = args;
    this.args = { heads, keep, basis, reducedChannels, coefficients, basisThreshold, coefficientThreshold };
  }

  override build(inputShape: Shape | Shape[]): void {
    const [, tokens, channels] = inputShape as Shape;
    const { heads, basis, reducedChannels } = this.args;
    requireRange(tokens != null && channels != null, this.name, 'the input must have known tokens and channels', inputShape); // prettier-ignore
    requireRange(channels % heads === 0, this.name, `heads must divide the ${channels} channels of the input`, heads);
    const size = channels / heads;
    const reduced = reducedChannels ?? Math.ceil(size / 2);
    const rank = basis ?? Math.ceil(tokens / 8);
    this.attention = this.addPart(new AttentionPart('attention', true), channels);
    const shapes: Record<PredictorName, Shape> = {
      query: [size, reduced],
      queryBias: [reduced],
      key: [size, reduced],
      keyBias: [reduced],
      combine: [tokens, rank],
      basis: [tokens, rank],
    };
    for (const name of predictorNames) {
      const shape = shapes[name];
      const initializer = shape.length === 2 ? initializers.glorotUniform({}) : initializers.zeros();
      this.predictor[name] = this.addWeight(`predictor_${name}`, shape, 'float32', initializer, undefined, false);
    }
    super.build(inputShape);
  }

  override call(inputs: Tensor | Tensor[]): Tensor3D {
    return tidy(() => {
      const { query, queryBias, key, keyBias, combine, basis } = this.predictor as Record<PredictorName, LayerVariable>;
      const predictor = {
        query: matrixOf(query),
        queryBias: vectorOf(queryBias),
        key: matrixOf(key),
        keyBias: vectorOf(keyBias),
        combine: matrixOf(combine),
        basis: matrixOf(basis),
      };
      const { heads, keep, basisThreshold, coefficientThreshold, coefficients } = this.args;
      const options = { heads, keep, basisThreshold, coefficientThreshold, coefficients: coefficients ?? undefined };
      const x = [inputs].flat()[0] as Tensor3D;
      return sparsifinerAttention(x, { ...this.attention.read(), predictor }, options);
    });
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return inputShape as Shape;
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), ...configOf(this.args) };
  }
}
