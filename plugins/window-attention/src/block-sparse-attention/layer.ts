import {
  reshape,
  tidy,
  transpose,
  type serialization,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import type { Shape } from '@tensorflow/tfjs-layers';
import { requireRange } from '@tfjs-sparse/core';
import { CompositeLayer, type LayerArgs } from '@tfjs-sparse/layers';
import type { AttentionMask } from '../attention-masks/attention-mask.js';
import { maskOfPattern, type MaskPattern } from '../attention-masks/mask-pattern.js';
import { linear } from '../linear/op.js';
import { configOf } from '../parts/config-of.js';
import { LinearPart } from '../parts/weight-layers.js';
import { blockSparseAttention } from './op.js';

export interface SequenceAttentionArgs extends LayerArgs {
  heads: number;
  /** Heads of keys and values, of which runs of heads share one (grouped queries); default `heads`. */
  keyHeads?: number | null;
  /** Channels of a head; default the channels of the input divided by `heads`. */
  headChannels?: number | null;
}

export interface BlockSparseAttentionArgs extends SequenceAttentionArgs {
  /** Which keys each query sees, e.g. `{ kind: 'causalMask', mask: { kind: 'slidingWindow', left: 127 } }`. */
  mask: MaskPattern;
}

/**
 * Self-attention of sequences with a mask (`blockSparseAttention`), as Keras' MultiHeadAttention and GroupQueryAttention of one
 * input, without dropout. Input and output `[batches, tokens, channels]`.
 */
export class BlockSparseAttention extends CompositeLayer {
  static className = 'BlockSparseAttention';
  private readonly sizes: Required<Omit<SequenceAttentionArgs, keyof LayerArgs>>;
  private readonly mask: AttentionMask;
  private readonly pattern: MaskPattern;
  private projections!: readonly LinearPart[];
  private outer!: LinearPart;

  constructor(args: BlockSparseAttentionArgs) {
    super(args);
    const { heads, keyHeads = null, headChannels = null, mask } = args;
    const sharesKeys = heads % (keyHeads ?? heads) === 0;
    requireRange(sharesKeys, this.getClassName(), `keyHeads must divide the ${heads} heads`, keyHeads);
    this.sizes = { heads, keyHeads, headChannels };
    this.pattern = mask;
    this.mask = maskOfPattern(mask);
  }

  override build(inputShape: Shape | Shape[]): void {
    const channels = (inputShape as Shape)[2]!;
    const size = this.headChannels(channels);
    const { heads, keyHeads } = this.sizes;
    this.projections = (['query', 'key', 'value'] as const).map((name) => {
      const units = (name === 'query' ? heads : (keyHeads ?? heads)) * size;
      return this.addPart(new LinearPart(name, units), channels);
    });
    this.outer = this.addPart(new LinearPart('output', channels), heads * size);
    super.build(inputShape);
  }

  private headChannels(channels: number): number {
    const { heads, headChannels } = this.sizes;
    const isDivisor = headChannels !== null || channels % heads === 0;
    requireRange(isDivisor, this.name, `heads must divide the ${channels} channels of the input`, heads);
    return headChannels ?? channels / heads;
  }

  override call(inputs: Tensor | Tensor[]): Tensor3D {
    return tidy(() => {
      const x = [inputs].flat()[0] as Tensor3D;
      const [batches, tokens, channels] = x.shape;
      const rows: Tensor2D = reshape(x, [batches * tokens, channels]);
      const [q, k, v] = this.projections.map((part) => {
        const { linear: matrix, linearBias } = part.read();
        const projected = linear(rows, matrix, linearBias);
        const size = this.headChannels(channels);
        return transpose(reshape(projected, [batches, tokens, matrix.shape[1] / size, size]), [0, 2, 1, 3]) as Tensor4D;
      });
      const attended = transpose(blockSparseAttention(q, k, v, this.mask), [0, 2, 1, 3]);
      const { linear: matrix, linearBias } = this.outer.read();
      const together: Tensor2D = reshape(attended, [batches * tokens, matrix.shape[0]]);
      const y = linear(together, matrix, linearBias);
      return reshape(y, x.shape);
    });
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return inputShape as Shape;
  }

  override dispose(): ReturnType<CompositeLayer['dispose']> {
    this.mask.dispose();
    return super.dispose();
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), ...configOf({ ...this.sizes, mask: this.pattern }) };
  }
}
