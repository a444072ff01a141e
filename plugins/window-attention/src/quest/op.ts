import { zeros, type Tensor4D } from '@tensorflow/tfjs-core';
import { requireRange, requireType, runOp } from '@tfjs-sparse/core';
import { questOp } from './definition.js';
import type { PageBounds } from './page-bounds.js';

export interface QuestOptions {
  /** Pages that the query sees besides the current one; all where there are fewer. */
  readonly budget: number;
  /** Whether heads that share keys choose together, by the sum of their scores; default false. */
  readonly share?: boolean;
}

/**
 * The pages of a cache that a decoded token sees (Quest, Tang et al. 2024): those whose greatest possible product with the
 * query is greatest, `sum of max(q * least, q * greatest)` over channels, and the current page, the last one.
 *
 * @param q      `[batches, heads, 1, channels]`
 * @param bounds of the pages of the keys, by `pageBounds`: `[batches, keyHeads, pages, channels]`
 * @returns      int32 `[batches, heads, 1, min(budget, pages - 1) + 1]`, with `share` keyHeads instead of heads: pages by
 *   falling score, then the current one; for `selectedBlockAttention` with blocks of 1 query and `pageSize` keys. Without
 *   gradient.
 * @throws RangeError or TypeError for operands that do not fit each other, and for a budget that is no integer of at least 1
 */
export function quest(q: Tensor4D, { least, greatest }: PageBounds, { budget, share = false }: QuestOptions): Tensor4D {
  requireType(q.dtype === 'float32', op, 'q must be float32', q.dtype);
  requireRange(q.rank === 4 && q.shape[2] === 1, op, 'q must be [batches, heads, 1, channels]', q.shape);
  const [batches, heads, , channels] = q.shape;
  const [, keyHeads, pages] = least.shape;
  const fits = least.shape[0] === batches && least.shape[3] === channels && pages > 0;
  requireRange(fits, op, `bounds must be [${batches}, keyHeads, pages, ${channels}] (as q)`, least.shape);
  const isLikeLeast = greatest.shape.join() === least.shape.join();
  requireRange(isLikeLeast, op, `greatest must be [${least.shape.join(', ')}] (as least)`, greatest.shape);
  requireRange(heads % keyHeads === 0, op, `the heads of bounds must divide the ${heads} heads of q`, keyHeads);
  requireRange(Number.isInteger(budget) && budget >= 1, op, 'budget must be an integer of at least 1', budget);
  const lists = share ? keyHeads : heads;
  if (pages === 1) return zeros([batches, lists, 1, 1], 'int32'); // the current one
  return runOp(questOp, { q, least, greatest }, { lists, count: Math.min(budget, pages - 1) }).pages as Tensor4D;
}

const op = 'quest';
