import { dispose, tidy, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { requireRange, type HostTensor } from '@tfjs-sparse/core';
import { columnsOf, scoresOf } from '../set-dot-product-attention/scores.js';
import type { SiteSets } from '../site-sets/site-sets.js';
import { queriesAndKeys } from './compose.js';
import { checkedSetAttention, type SetAttentionOptions, type SetAttentionWeights } from './op.js';

/** What one site attends to. */
export interface AttentionOfSite {
  /** int32 `[keys]`: sites of its set; one can be there twice, as in FlatFormer's last group of a cloud. */
  readonly keys: Int32Array;
  /** float32 `[heads, keys]`, flat: of each head they sum to 1. */
  readonly weights: Float32Array;
}

/**
 * How much one site attends to each key of its set: a row of what torch's MultiheadAttention returns with `need_weights`,
 * head by head. To look at: queries and keys of all sites are computed, and nothing has a gradient.
 *
 * @param site index of a site
 * @throws RangeError for a site that is none; what `setAttention` throws
 */
export async function setAttentionWeights(
  x: Tensor2D,
  sets: SiteSets,
  weights: SetAttentionWeights,
  site: number,
  options: SetAttentionOptions,
): Promise<AttentionOfSite> {
  const op = 'setAttentionWeights';
  const { operands, attrs } = checkedSetAttention(op, x, sets, weights, options);
  const isSite = Number.isInteger(site) && site >= 0 && site < sets.siteCount;
  requireRange(isSite, op, `site must be an integer from 0 to ${sets.siteCount - 1}`, site);
  const { queries, keys: keyLists } = attrs.lists;
  const entry = queries.columns.indexOf(site);
  let set = 0;
  while (queries.starts[set + 1] <= entry) set++;
  const keys = columnsOf(keyLists, set);
  const { q, k } = tidy(() => {
    const { q, k } = queriesAndKeys(operands, attrs);
    return { q, k };
  });
  const read = await Promise.all([q, k, options.bias?.table].map((tensor) => tensor && hostTensor(tensor)));
  dispose([q, k]);
  const perHead = Array.from({ length: attrs.heads }, (_, head) =>
    softmax(scoresOf(read[0]!, read[1]!, read[2], site, keys, head, attrs)),
  );
  return { keys, weights: Float32Array.from(perHead.flat()) };
}

function softmax(scores: readonly number[]): number[] {
  const most = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

async function hostTensor(tensor: Tensor): Promise<HostTensor> {
  return { shape: tensor.shape, values: await tensor.data<'float32'>() };
}
