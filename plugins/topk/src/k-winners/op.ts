import {
  tidy,
  exp,
  greaterEqual,
  min,
  mul,
  relu,
  where,
  zerosLike,
  type Tensor,
  type Tensor1D,
} from '@tensorflow/tfjs-core';
import { requireRange, requireType } from '@tfjs-sparse/core';
import { kSparseToDense, takeEntries } from '../to-dense/op.js';
import { topK } from '../top-k/op.js';

export interface KWinnersOptions {
  /** Winners of each row. */
  readonly k: number;
  /** How strongly features that won often are held back, from 0 (the default): not at all. */
  readonly boost?: number;
  /** Whether negative winners become 0; default false. */
  readonly relu?: boolean;
  /**
   * `lowerIndex` (default): exactly k winners, of equal ones those with the lower index; `all`: every value as great as
   * the k-th, as published.
   */
  readonly ties?: 'lowerIndex' | 'all';
}

/**
 * x where it is among the k greatest of its row by `x * exp(-boost * dutyCycle)`, else 0 (Ahmad & Scheinkman 2019, "How
 * Can We Be So Dense?", section 3; numenta/nupic.torch): features that seldom won win more easily. The gradient goes to
 * the winners alone.
 *
 * @param x          float32 `[..., width]`
 * @param dutyCycles float32 `[width]`: the share of rows that each feature won lately
 * @returns          `[..., width]`
 * @throws RangeError for a k that is no integer from 0 to the width, duty cycles of another width, a negative boost;
 *         TypeError for other than float32
 */
export function kWinners(
  x: Tensor,
  dutyCycles: Tensor1D,
  { k, boost = 0, relu: isRectified = false, ties = 'lowerIndex' }: KWinnersOptions,
): Tensor {
  const width = x.shape[x.rank - 1];
  requireType(dutyCycles.dtype === 'float32', 'kWinners', 'dutyCycles must be float32', dutyCycles.dtype);
  const isFitting = dutyCycles.rank === 1 && dutyCycles.shape[0] === width;
  requireRange(isFitting, 'kWinners', `dutyCycles must be [${width}] (the last axis of x)`, dutyCycles.shape);
  requireRange(boost >= 0, 'kWinners', 'boost must be at least 0', boost);
  const isCount = Number.isInteger(k) && k >= 0 && k <= width;
  requireRange(isCount, 'kWinners', `k must be an integer from 0 to ${width} (the last axis of x)`, k);
  return tidy(() => {
    const boosted = boost > 0 ? mul(x, exp(mul(dutyCycles, -boost))) : x;
    const { values, indices } = topK(boosted, { k });
    if (ties === 'all' && k > 0) {
      const winners = where(greaterEqual(boosted, min(values, -1, true)), x, zerosLike(x));
      return isRectified ? relu(winners) : winners;
    }
    const won = takeEntries(x, indices);
    return kSparseToDense({ values: isRectified ? relu(won) : won, indices }, { width });
  });
}
