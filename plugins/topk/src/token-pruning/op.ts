import { tidy, abs, add, broadcastTo, cast, fill, greaterEqual, less, logicalOr, neg, ones, range, reshape, sum, where, type Tensor2D, type Tensor3D, type Tensor4D } from '@tensorflow/tfjs-core'; // prettier-ignore
import { requireRange, requireType } from '@tfjs-sparse/core';
import { sparseDecode } from '../sparse-decode/op.js';
import { takeEntries } from '../to-dense/op.js';
import { topK } from '../top-k/op.js';

/**
 * How much attention each token got: the sum over heads and queries of the attention's probabilities (SpAtten, Wang et
 * al. 2021, section III-A). Added to what earlier layers gave (`pruneTokens` returns that of the kept ones), it is the
 * cumulative importance of the paper.
 *
 * @param attention float32 `[batch, heads, queries, keys]`
 * @returns         `[batch, keys]`
 */
export function tokenImportance(attention: Tensor4D): Tensor2D {
  requireRange(attention.rank === 4, 'tokenImportance', 'attention must be [batch, heads, queries, keys]', attention.shape); // prettier-ignore
  return sum(attention, [1, 2]);
}

/**
 * How much each head contributes: the sum of the magnitudes of its output (SpAtten, section III-B).
 *
 * @param outputs float32 `[batch, tokens, heads, headWidth]`
 * @returns       `[batch, heads]`
 */
export function headImportance(outputs: Tensor4D): Tensor2D {
  requireRange(outputs.rank === 4, 'headImportance', 'outputs must be [batch, tokens, heads, headWidth]', outputs.shape); // prettier-ignore
  return sum(abs(outputs), [1, 3]);
}

export interface PruneTokensOptions {
  /** How many tokens stay. */
  readonly keep: number;
  /** Tokens at the start and at the end that always stay, within `keep`; default 0. */
  readonly start?: number;
  readonly recent?: number;
}

export interface PrunedTokens {
  /** `[batch, keep, width]` */
  readonly x: Tensor3D;
  /** int32 `[batch, keep]`: which tokens they were, ascending */
  readonly indices: Tensor2D;
  /** `[batch, keep]`: theirs, for the next layer to add to */
  readonly importance: Tensor2D;
}

/**
 * Keeps the most important tokens of each sample in their order (the cascade token pruning of SpAtten: what is pruned in
 * a layer is gone in all later ones). Heads are pruned alike, as the tokens of `[batch, heads, ...]`. Ties go to the lower
 * index. Gradients go through the kept tokens and their importance.
 *
 * @param x          float32 `[batch, tokens, width]`
 * @param importance float32 `[batch, tokens]`
 * @throws RangeError where shapes do not fit each other, or start + recent <= keep <= tokens does not hold; TypeError for
 *         other than float32
 */
export function pruneTokens(
  x: Tensor3D,
  importance: Tensor2D,
  { keep, start = 0, recent = 0 }: PruneTokensOptions,
): PrunedTokens {
  requireType(x.dtype === 'float32', 'pruneTokens', 'x must be float32', x.dtype);
  requireRange(x.rank === 3, 'pruneTokens', 'x must be [batch, tokens, width]', x.shape);
  const [batch, tokens, width] = x.shape;
  requireType(importance.dtype === 'float32', 'pruneTokens', 'importance must be float32', importance.dtype);
  const isFitting = importance.shape.join() === [batch, tokens].join();
  requireRange(isFitting, 'pruneTokens', `importance must be [${batch}, ${tokens}] (as x)`, importance.shape);
  const isCount = Number.isInteger(keep) && keep >= start + recent && keep <= tokens;
  requireRange(isCount, 'pruneTokens', `keep must be an integer from ${start + recent} (start + recent) to ${tokens} (tokens of x)`, keep); // prettier-ignore
  const isWithin = [start, recent].every((count) => Number.isInteger(count) && count >= 0);
  requireRange(isWithin, 'pruneTokens', 'start and recent must be integers from 0', [start, recent]);
  return tidy(() => {
    const { indices: chosen } = topK(pinned(importance, start, recent), { k: keep });
    const ascending = neg(topK(neg(cast(chosen, 'float32')), { k: keep }).values); // exact below 2^24 tokens
    const indices = cast(ascending, 'int32') as Tensor2D;
    const rows = add(indices, reshape(range(0, batch * tokens, Math.max(tokens, 1), 'int32'), [batch, 1]));
    const dictionary = reshape(x, [batch * tokens, width]) as Tensor2D;
    const places = reshape(rows, [batch * keep, 1]);
    const kept = sparseDecode({ values: ones(places.shape), indices: places }, dictionary); // gathers, with a gradient
    return {
      x: reshape(kept, [batch, keep, width]) as Tensor3D,
      indices,
      importance: takeEntries(importance, indices) as Tensor2D,
    };
  });
}

/** The importance, infinite for tokens that stay whatever theirs is. */
function pinned(importance: Tensor2D, start: number, recent: number): Tensor2D {
  if (start + recent === 0) return importance;
  const tokens = importance.shape[1];
  const places = range(0, tokens, 1, 'int32');
  const isPinned = logicalOr(less(places, start), greaterEqual(places, tokens - recent));
  return where(broadcastTo(isPinned, importance.shape), fill(importance.shape, Infinity), importance) as Tensor2D;
}
