import type { Tensor4D } from '@tensorflow/tfjs-core';
import { requireRange } from '@tfjs-sparse/core';
import { bestPlaces } from '../columns-and-diagonals/best-places.js';
import { recentOptions, requireCount, type RecentOptions } from '../columns-and-diagonals/options.js';
import { columnsAndDiagonals, type ColumnsAndDiagonals } from '../columns-and-diagonals/pattern.js';
import { recentSums } from '../columns-and-diagonals/recent-sums.js';

export interface FlexPrefillOptions extends RecentOptions {
  /** Share of the attention of the last queries that columns, and that diagonals, are to hold; default 0.9. */
  readonly alpha?: number;
  /** Least columns, and least diagonals, of a head; default 256. */
  readonly minBudget?: number;
}

/**
 * Columns and diagonals as `verticalSlash`, as many of each as hold a share of the attention: a head that spreads its attention
 * gets more (FlexPrefill, Lai et al. 2025, in the form of The Sparse Frontier: without its choice between patterns). Their
 * numbers are counted before those that always count replace the weakest.
 *
 * It reads `[batches, heads, lastQueries, keys]` from the device.
 *
 * @param q `[batches, heads, queries, channels]`
 * @param k `[batches, keyHeads, keys, channels]`; the last query is at the last key
 * @throws RangeError or TypeError (as a rejection) for operands that do not fit each other, and for an alpha beyond 0 to 1
 */
export async function flexPrefill(
  q: Tensor4D,
  k: Tensor4D,
  { alpha = 0.9, minBudget = 256, ...recent }: FlexPrefillOptions = {},
): Promise<ColumnsAndDiagonals> {
  const { lastQueries, firstColumns, nearOffsets } = recentOptions(op, q, k, recent);
  requireRange(alpha >= 0 && alpha <= 1, op, 'alpha must be from 0 to 1', alpha);
  requireCount(op, 'minBudget', minBudget, 0);
  const countOf = (sums: Float64Array) => Math.max(minBudget, countWithin(sums, alpha * lastQueries));
  const sums = await recentSums(q, k, lastQueries);
  return columnsAndDiagonals(
    sums.map((ofBatch) =>
      ofBatch.map(({ columns, diagonals }) => ({
        columns: bestPlaces(columns, countOf(columns), firstColumns),
        offsets: bestPlaces(diagonals, countOf(diagonals), nearOffsets),
      })),
    ),
  );
}

const op = 'flexPrefill';

/** How many of the greatest together stay within the limit, and the one that passes it. */
function countWithin(sums: Float64Array, limit: number): number {
  const falling = Float64Array.from(sums).sort().reverse();
  let total = 0;
  const passing = falling.findIndex((sum) => (total += sum) > limit);
  return passing < 0 ? sums.length : passing + 1;
}
