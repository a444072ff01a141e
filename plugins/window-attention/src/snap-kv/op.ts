import { tidy, topk, type Tensor3D, type Tensor4D } from '@tensorflow/tfjs-core';
import { stopGradient } from '@tfjs-sparse/core';
import { ascending } from '../kept-tokens/ascending.js';
import { keptTokensOptions, tokenScores, type KeptTokensOptions } from '../kept-tokens/token-scores.js';

/**
 * Which tokens of a cache stay after a prompt: those that its last queries attend to most, of each head of keys (SnapKV, Li
 * et al. 2024; defaults of The Sparse Frontier). Importance is the attention's sum over the last queries, its mean over
 * the heads that share keys, averaged over neighbouring keys.
 *
 * @param q `[batches, heads, queries, channels]`
 * @param k `[batches, keyHeads, keys, channels]`; the last query is at the last key
 * @returns int32 `[batches, keyHeads, capacity]`, ascending; for `gatherTokens`, or as blocks of one key for
 *   `selectedBlockAttention`. Without gradient.
 * @throws RangeError or TypeError where operands do not fit each other or start + recent <= capacity <= keys does not hold
 */
export function snapKV(q: Tensor4D, k: Tensor4D, options: KeptTokensOptions): Tensor3D {
  const checked = keptTokensOptions('snapKV', q, k, options);
  return tidy(() => {
    const { indices } = topk(tokenScores(q, k, checked, 'mean'), checked.capacity);
    return stopGradient(ascending(indices as Tensor3D));
  });
}
