import { add, broadcastTo, concat, range, reshape, scalar, slice, sum, tidy, topk, type Tensor3D, type Tensor4D } from '@tensorflow/tfjs-core'; // prettier-ignore
import { requireRange, requireType, stopGradient } from '@tfjs-sparse/core';
import { requireCount } from '../columns-and-diagonals/options.js';
import { ascending } from '../kept-tokens/ascending.js';

export interface SpAttenTokensOptions {
  /** Tokens at the start that always stay; default 4. */
  readonly start?: number;
  /** Tokens between that stay by their importance; default 128. */
  readonly important?: number;
  /** Tokens that are to be recent once `coming` ones have followed; default 128. */
  readonly recent?: number;
  /** Tokens that come next, for which there must be room; default 0. */
  readonly coming?: number;
}

/**
 * Which tokens of a cache stay: the first, the last, and of those between the ones with the greatest scores (the cache pruning
 * of SpAtten's LLM code, Wang et al. 2021). Importance is the sum of scores over queries, of each head; nothing adds up over
 * layers. `pruneTokens` of the topk plugin is the paper's pruning of whole tokens by accumulated importance.
 *
 * @param scores float32 `[batches, heads, queries, keys]`: products of queries and keys before mask and softmax
 * @returns int32 `[batches, heads, start + important + recent - coming]`, ascending; for `gatherTokens`. Without gradient.
 * @throws RangeError or TypeError for other scores, counts that are no integers of at least 0, coming above recent, and
 *   fewer keys than are to stay
 */
export function spAttenTokens(
  scores: Tensor4D,
  { start = 4, important = 128, recent = 128, coming = 0 }: SpAttenTokensOptions = {},
): Tensor3D {
  requireType(scores.dtype === 'float32', op, 'scores must be float32', scores.dtype);
  requireRange(scores.rank === 4, op, 'scores must be [batches, heads, queries, keys]', scores.shape);
  for (const [name, count] of Object.entries({ start, important, recent, coming })) requireCount(op, name, count, 0);
  requireRange(coming <= recent, op, `coming must be at most ${recent} (recent)`, coming);
  const [batches, heads, , keys] = scores.shape;
  const tail = recent - coming;
  const kept = start + important + tail;
  requireRange(
    kept > 0 && kept <= keys,
    op,
    `start + important + recent - coming must be from 1 to ${keys} (keys)`,
    kept,
  );
  return tidy(() => {
    const places = (first: number, end: number) =>
      broadcastTo(reshape(range(first, end, 1, 'int32'), [1, 1, end - first]), [
        batches,
        heads,
        end - first,
      ]) as Tensor3D;
    const parts = [places(0, start), places(keys - tail, keys)];
    if (important > 0) {
      const between = slice(sum(scores, 2) as Tensor3D, [0, 0, start], [batches, heads, keys - tail - start]);
      const chosen = ascending(topk(between, important).indices as Tensor3D);
      parts.splice(1, 0, add(chosen, scalar(start, 'int32')));
    }
    return stopGradient(concat(parts.filter(({ size }) => size > 0), 2)); // prettier-ignore
  });
}

const op = 'spAttenTokens';
