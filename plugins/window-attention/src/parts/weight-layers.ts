import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { initializers, layers, type LayerVariable, type Shape } from '@tensorflow/tfjs-layers';
import { requireRange } from '@tfjs-sparse/core';
import { channelsOf } from '@tfjs-sparse/layers';
import type { Normalization, SetEncoderWeights } from '../set-encoder/op.js';
import type { SetAttentionWeights } from '../set-attention/op.js';

// Parts of blocks: layers that hold weights for ops. They are not called, and are saved with the block that owns them.

abstract class WeightPart extends layers.Layer {
  constructor(name: string) {
    super({ name });
  }

  protected addMatrix(name: string, shape: Shape): LayerVariable {
    return this.addWeight(name, shape, 'float32', initializers.glorotUniform({}));
  }

  protected addVector(name: string, length: number, value: number): LayerVariable {
    return this.addWeight(name, [length], 'float32', initializers.constant({ value }));
  }
}

/** The weights of a Linear. */
export class LinearPart extends WeightPart {
  static className = 'LinearPart';
  private kernel!: LayerVariable;
  private bias!: LayerVariable;

  constructor(
    name: string,
    private readonly units: number,
  ) {
    super(name);
  }

  override build(inputShape: Shape | Shape[]): void {
    this.kernel = this.addMatrix('kernel', [channelsOf(this.name, inputShape), this.units]);
    this.bias = this.addVector('bias', this.units, 0);
    super.build(inputShape);
  }

  read(): { readonly linear: Tensor2D; readonly linearBias: Tensor1D } {
    return { linear: matrixOf(this.kernel), linearBias: vectorOf(this.bias) };
  }
}

/** Scale and offset of a layer normalization. */
export class NormPart extends WeightPart {
  static className = 'NormPart';
  private gamma!: LayerVariable;
  private beta!: LayerVariable;

  override build(inputShape: Shape | Shape[]): void {
    const channels = channelsOf(this.name, inputShape);
    this.gamma = this.addVector('gamma', channels, 1);
    this.beta = this.addVector('beta', channels, 0);
    super.build(inputShape);
  }

  read(): Normalization {
    return { scale: vectorOf(this.gamma), offset: vectorOf(this.beta) };
  }
}

/** Projections of an attention. */
export class AttentionPart extends WeightPart {
  static className = 'AttentionPart';
  private qkv!: LayerVariable;
  private qkvBias: LayerVariable | undefined;
  private projection!: LayerVariable;
  private outputBias: LayerVariable | undefined;

  constructor(
    name: string,
    private readonly useBias: boolean,
  ) {
    super(name);
  }

  override build(inputShape: Shape | Shape[]): void {
    const channels = channelsOf(this.name, inputShape);
    this.qkv = this.addMatrix('qkv', [channels, 3 * channels]);
    if (this.useBias) this.qkvBias = this.addVector('qkv_bias', 3 * channels, 0);
    this.projection = this.addMatrix('output', [channels, channels]);
    if (this.useBias) this.outputBias = this.addVector('output_bias', channels, 0);
    super.build(inputShape);
  }

  read(): SetAttentionWeights {
    const { qkv, qkvBias, projection, outputBias } = this;
    return {
      qkv: matrixOf(qkv),
      output: matrixOf(projection),
      ...(qkvBias && { qkvBias: vectorOf(qkvBias) }),
      ...(outputBias && { outputBias: vectorOf(outputBias) }),
    };
  }
}

/** The table of a relative bias, which begins near 0. */
export class RelativeBiasPart extends WeightPart {
  static className = 'RelativeBiasPart';
  private table!: LayerVariable;

  /**
   * @param op    in whose name errors are
   * @param bound cells on each axis up to which differences count
   * @throws RangeError for a bound that is no integer from 0
   */
  constructor(
    op: string,
    private readonly bound: number,
    private readonly axes: number,
    private readonly heads: number,
  ) {
    super('relative_bias');
    const isBound = Number.isInteger(bound) && bound >= 0;
    requireRange(isBound, op, 'relativeBound must be an integer from 0', bound);
  }

  override build(inputShape: Shape | Shape[]): void {
    const shape = [this.axes * (2 * this.bound + 1), this.heads];
    this.table = this.addWeight('table', shape, 'float32', initializers.truncatedNormal({ stddev: 0.02 }));
    super.build(inputShape);
  }

  read(): Tensor2D {
    return matrixOf(this.table);
  }
}

/** The parts of a transformer encoder layer, by the names of their weights. */
export class EncoderParts {
  private readonly attention: AttentionPart;
  private readonly norms: readonly [NormPart, NormPart];
  private readonly inner: LinearPart;
  private readonly outer: LinearPart;

  /** @param add makes a part for rows of `channels` channels */
  constructor(
    prefix: string,
    channels: number,
    hiddenUnits: number,
    add: <Part extends layers.Layer>(part: Part, channels: number) => Part,
  ) {
    this.attention = add(new AttentionPart(`${prefix}attention`, true), channels);
    this.norms = [add(new NormPart(`${prefix}norm1`), channels), add(new NormPart(`${prefix}norm2`), channels)];
    this.inner = add(new LinearPart(`${prefix}inner`, hiddenUnits), channels);
    this.outer = add(new LinearPart(`${prefix}outer`, channels), hiddenUnits);
  }

  read(): SetEncoderWeights {
    const [norm1, norm2] = this.norms.map((norm) => norm.read());
    const { linear: inner, linearBias: innerBias } = this.inner.read();
    const { linear: outer, linearBias: outerBias } = this.outer.read();
    return { attention: this.attention.read(), norm1, norm2, inner, innerBias, outer, outerBias };
  }
}

export function matrixOf(variable: LayerVariable): Tensor2D {
  return variable.read() as Tensor2D;
}

export function vectorOf(variable: LayerVariable): Tensor1D {
  return variable.read() as Tensor1D;
}
