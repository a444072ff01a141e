import { tidy, type serialization, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { initializers, type LayerVariable, type Shape } from '@tensorflow/tfjs-layers';
import { requireRange } from '@tfjs-sparse/core';
import { channelsOf, CompositeLayer, featureShape, sparseInput, type LayerArgs } from '@tfjs-sparse/layers';
import { requirePartition, setsOf, type Partition } from '../partition/partition.js';
import { configOf } from '../parts/config-of.js';
import { AttentionPart, matrixOf } from '../parts/weight-layers.js';
import { sinusoidalPositions, type SinusoidalPositionsOptions } from '../sinusoidal-positions/op.js';
import { setAttention } from './op.js';

export interface SetAttentionArgs extends LayerArgs {
  heads: number;
  /** Which sites attend to each other, e.g. `{ kind: 'windows', windowSize: [9, 9] }`. */
  partition: Partition;
  /** Of the projections; default true. */
  useBias?: boolean;
  /** Adds `sinusoidalPositions` with these options to what queries and keys are made of; default none. */
  positions?: Omit<SinusoidalPositionsOptions, 'channels'> | null;
  /** Turns queries and keys by `pointRope` with this base of the angles; default none. */
  ropeFrequency?: number | null;
  /** Adds a learned bias by the difference of coordinates, up to so many cells on each axis; default none. */
  relativeBound?: number | null;
  /** Axes of the map that rope and the relative bias go by; default all. */
  axes?: number[] | null;
  /** Sites' axes, which a relative bias needs to know; default 3. */
  rank?: number;
}

/**
 * Multi-head attention within sets of sites (`setAttention`). Input `[features [sites, channels], coords]`, or features alone
 * in a Sequential model; output features `[sites, channels]`.
 */
export class SetAttention extends CompositeLayer {
  static className = 'SetAttention';
  private readonly args: Required<Omit<SetAttentionArgs, keyof LayerArgs>>;
  private attention!: AttentionPart;
  private table: LayerVariable | undefined;

  constructor(args: SetAttentionArgs) {
    super(args);
    const { heads, partition, useBias = true, rank = 3 } = args;
    const { positions = null, ropeFrequency = null, relativeBound = null, axes = null } = args;
    requirePartition('SetAttention', partition);
    const isBound = relativeBound === null || (Number.isInteger(relativeBound) && relativeBound >= 0);
    requireRange(isBound, 'SetAttention', 'relativeBound must be an integer from 0', relativeBound);
    this.args = { heads, partition, useBias, positions, ropeFrequency, relativeBound, axes, rank };
  }

  override build(inputShape: Shape | Shape[]): void {
    const { useBias, relativeBound, axes, rank, heads } = this.args;
    this.attention = this.addPart(new AttentionPart('attention', useBias), channelsOf(this.name, inputShape));
    if (relativeBound !== null) {
      const rows = (axes?.length ?? rank) * (2 * relativeBound + 1);
      const initializer = initializers.truncatedNormal({ stddev: 0.02 });
      this.table = this.addWeight('relative_bias', [rows, heads], 'float32', initializer);
    }
    super.build(inputShape);
  }

  override call(inputs: Tensor | Tensor[]): Tensor2D {
    return tidy(() => {
      const { features, map } = sparseInput(this.name, inputs);
      const { heads, partition, positions, ropeFrequency, axes: given } = this.args;
      const axes = given ?? undefined;
      return setAttention(features, setsOf(map, partition), this.attention.read(), {
        heads,
        position: positions ? sinusoidalPositions(map, { ...positions, channels: features.shape[1] }) : undefined,
        rope: ropeFrequency === null ? undefined : { map, axes, frequency: ropeFrequency },
        bias: this.table && { table: matrixOf(this.table), map, axes },
      });
    });
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return featureShape(inputShape);
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), ...configOf(this.args) };
  }
}
