import { tidy, type serialization, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Shape } from '@tensorflow/tfjs-layers';
import { channelsOf, CompositeLayer, featureShape, sparseInput, type LayerArgs } from '@tfjs-sparse/layers';
import { requirePartition, setsOf, type Partition } from '../partition/partition.js';
import { configOf } from '../parts/config-of.js';
import { AttentionPart, RelativeBiasPart } from '../parts/weight-layers.js';
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
  private readonly relativeBias: RelativeBiasPart | null;

  constructor(args: SetAttentionArgs) {
    super(args);
    const { heads, partition, useBias = true, rank = 3 } = args;
    const { positions = null, ropeFrequency = null, relativeBound = null, axes = null } = args;
    requirePartition('SetAttention', partition);
    this.args = { heads, partition, useBias, positions, ropeFrequency, relativeBound, axes, rank };
    this.relativeBias =
      relativeBound === null ? null : new RelativeBiasPart('SetAttention', relativeBound, axes?.length ?? rank, heads);
  }

  override build(inputShape: Shape | Shape[]): void {
    const channels = channelsOf(this.name, inputShape);
    this.attention = this.addPart(new AttentionPart('attention', this.args.useBias), channels);
    if (this.relativeBias) this.addPart(this.relativeBias, channels);
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
        bias: this.relativeBias ? { table: this.relativeBias.read(), map, axes } : undefined,
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
