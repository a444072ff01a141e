import { add, cast, equal, fill, mul, range, reshape, sub, tidy, topk, where, type Tensor2D, type Tensor3D, type Tensor4D } from '@tensorflow/tfjs-core'; // prettier-ignore
import { requireRange, stopGradient } from '@tfjs-sparse/core';
import { indexFlags } from '../kept-tokens/index-flags.js';
import { certain, keptTokensOptions, tokenScores, type KeptTokensOptions } from '../kept-tokens/token-scores.js';

export interface AdaSnapKVOptions extends KeptTokensOptions {
  /** Tokens that a head of keys keeps on average. */
  readonly capacity: number;
  /** Share of the capacity that every head keeps of its own, at least start + recent; default 0.2. */
  readonly minRatio?: number;
}

/**
 * `snapKV` whose heads share one capacity: beyond a least number of its own, tokens of all heads of keys compete (Ada-SnapKV,
 * Feng et al. 2024; in the form of The Sparse Frontier). Importance is the greatest attention of any last query and of any
 * head that shares keys, averaged over neighbouring keys.
 *
 * @param q `[batches, heads, queries, channels]`
 * @param k `[batches, keyHeads, keys, channels]`; the last query is at the last key
 * @returns int32 `[batches, keyHeads, width]`, ascending, -1 behind the tokens of a head, capacity * keyHeads of all heads;
 *   `width` is what one head may have at most. For `selectedBlockAttention` as blocks of one key. Without gradient.
 * @throws RangeError or TypeError as `snapKV`, and for a minRatio beyond 0 to 1
 */
export function adaSnapKV(q: Tensor4D, k: Tensor4D, { minRatio = 0.2, ...options }: AdaSnapKVOptions): Tensor3D {
  const checked = keptTokensOptions(op, q, k, options);
  requireRange(minRatio >= 0 && minRatio <= 1, op, 'minRatio must be from 0 to 1', minRatio);
  const { capacity, start, recent } = checked;
  const least = Math.max(Math.floor(capacity * minRatio), start + recent);
  const [batches, heads, keys] = k.shape;
  return tidy(() => {
    const scores = reshape(tokenScores(q, k, checked, 'max'), [batches * heads, keys]);
    const own = least > 0 ? mul(indexFlags(topk(scores, least).indices as Tensor2D, keys), certain) : 0;
    const ofAll = reshape(add(scores, own), [batches, heads * keys]);
    const chosen = indexFlags(topk(ofAll, capacity * heads).indices as Tensor2D, heads * keys);
    const width = Math.min(keys, capacity * heads - (heads - 1) * least);
    return stopGradient(listed(reshape(chosen, [batches, heads, keys]), width));
  });
}

const op = 'adaSnapKV';

/**
 * The places of ones along the last axis, ascending, -1 behind them.
 *
 * @param flags `[batches, heads, keys]`, at most `width` ones a row; fewer than 2^24 keys
 */
function listed(flags: Tensor3D, width: number): Tensor3D {
  const keys = flags.shape[2];
  const { values } = topk(mul(flags, range(keys, 0, -1)) as Tensor3D, width); // keys - place, 0 for none
  const places = cast(sub(keys, values), 'int32');
  return where(equal(values, 0), fill(values.shape, -1, 'int32'), places) as Tensor3D;
}
