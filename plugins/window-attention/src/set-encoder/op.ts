import { add, tidy, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import { requireRange, requireType } from '@tfjs-sparse/core';
import { layerNorm, type LayerNormOptions } from '../layer-norm/op.js';
import { linear } from '../linear/op.js';
import { setAttention, type SetAttentionOptions, type SetAttentionWeights } from '../set-attention/op.js';
import type { SiteSets } from '../site-sets/site-sets.js';

/** Of a layer normalization, `[channels]` each. */
export interface Normalization {
  readonly scale: Tensor1D;
  readonly offset: Tensor1D;
}

export interface SetEncoderWeights {
  readonly attention: SetAttentionWeights;
  /** Of the attention: behind its residual, or before it where `order` is 'normFirst'. */
  readonly norm1: Normalization;
  /** Of the feed-forward part. */
  readonly norm2: Normalization;
  /** float32 `[channels, hidden]`: torch's linear1.weight or fc1.weight, transposed. */
  readonly inner: Tensor2D;
  /** float32 `[hidden]` */
  readonly innerBias: Tensor1D;
  /** float32 `[hidden, channels]`: torch's linear2.weight or fc2.weight, transposed. */
  readonly outer: Tensor2D;
  /** float32 `[channels]` */
  readonly outerBias: Tensor1D;
}

export interface SetEncoderOptions extends SetAttentionOptions, LayerNormOptions {
  /** Of the hidden channels: 'relu' (DSVT; default) or 'gelu' with the error function (FlatFormer, Point Transformer V3, LitePT). */
  readonly activation?: 'relu' | 'gelu';
  /**
   * 'normLast' (default; DSVT, FlatFormer): `y = norm1(x + attention(x))`, `norm2(y + feedForward(y))`; 'normFirst' (Point
   * Transformer V3, LitePT): `y = x + attention(norm1(x))`, `y + feedForward(norm2(y))`.
   */
  readonly order?: 'normLast' | 'normFirst';
}

/**
 * A transformer encoder layer whose attention is within sets of sites: torch's TransformerEncoderLayer without dropout; the
 * SetAttention of DSVT, a layer of FlatFormer's BasicBlock, the attention and feed-forward parts of Point Transformer V3's
 * Block. Gradients flow to x, the position and all weights.
 *
 * @param x    float32 `[sites, channels]`
 * @param sets of these sites
 * @returns    float32 `[sites, channels]`
 * @throws RangeError or TypeError where a weight has another shape or dtype; what `setAttention` throws
 */
export function setEncoder(
  x: Tensor2D,
  sets: SiteSets,
  weights: SetEncoderWeights,
  options: SetEncoderOptions,
): Tensor2D {
  const { activation = 'relu', order = 'normLast', epsilon } = options;
  requireRange(activation === 'relu' || activation === 'gelu', op, "activation must be 'relu' or 'gelu'", activation);
  requireRange(order === 'normLast' || order === 'normFirst', op, "order must be 'normLast' or 'normFirst'", order);
  const { attention, norm1, norm2, inner, innerBias, outer, outerBias } = weights;
  const channels = x.shape[1];
  requireType(inner.dtype === 'float32', op, 'inner must be float32', inner.dtype);
  const isInner = inner.rank === 2 && inner.shape[0] === channels;
  requireRange(isInner, op, `inner must be [${channels}, hidden] (channels of x)`, inner.shape);
  const hidden = inner.shape[1];
  requireShape('innerBias', innerBias, [hidden]);
  requireShape('outer', outer, [hidden, channels]);
  requireShape('outerBias', outerBias, [channels]);
  const attend = (from: Tensor2D) => setAttention(from, sets, attention, options);
  const normalize = (from: Tensor2D, { scale, offset }: Normalization) => layerNorm(from, scale, offset, { epsilon });
  const feed = (from: Tensor2D) => linear(linear(from, inner, innerBias, { activation }), outer, outerBias);
  return tidy(() => {
    if (order === 'normFirst') {
      const y: Tensor2D = add(x, attend(normalize(x, norm1)));
      return add(y, feed(normalize(y, norm2)));
    }
    const y = normalize(add(x, attend(x)), norm1);
    return normalize(add(y, feed(y)), norm2);
  });
}

const op = 'setEncoder';

function requireShape(name: string, tensor: Tensor1D | Tensor2D, shape: readonly number[]): void {
  requireType(tensor.dtype === 'float32', op, `${name} must be float32`, tensor.dtype);
  requireRange(tensor.shape.join() === shape.join(), op, `${name} must be [${shape.join(', ')}]`, tensor.shape);
}
