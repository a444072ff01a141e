import type { Tensor4D } from '@tensorflow/tfjs-core';
import { bestPlaces } from '../columns-and-diagonals/best-places.js';
import { recentOptions, requireCount, type RecentOptions } from '../columns-and-diagonals/options.js';
import { columnsAndDiagonals, type ColumnsAndDiagonals } from '../columns-and-diagonals/pattern.js';
import { recentSums } from '../columns-and-diagonals/recent-sums.js';

export interface VerticalSlashOptions extends RecentOptions {
  /** Columns of each head; default 64. */
  readonly columns?: number;
  /** Diagonals of each head; default 128. */
  readonly diagonals?: number;
}

/**
 * The vertical-slash pattern of MInference (Jiang et al. 2024, section 3.2; defaults of The Sparse Frontier): the keys and the
 * distances that the last queries attend to most, of each head. A query sees them up to its own key. The published kernel
 * rounds diagonals up to blocks of 64; this mask is exact.
 *
 * It reads `[batches, heads, lastQueries, keys]` from the device.
 *
 * @param q `[batches, heads, queries, channels]`
 * @param k `[batches, keyHeads, keys, channels]`; the last query is at the last key
 * @throws RangeError or TypeError (as a rejection) for operands that do not fit each other, and counts that are no integers
 */
export async function verticalSlash(
  q: Tensor4D,
  k: Tensor4D,
  { columns = 64, diagonals = 128, ...recent }: VerticalSlashOptions = {},
): Promise<ColumnsAndDiagonals> {
  const { lastQueries, firstColumns, nearOffsets } = recentOptions(op, q, k, recent);
  requireCount(op, 'columns', columns, 0);
  requireCount(op, 'diagonals', diagonals, 0);
  const sums = await recentSums(q, k, lastQueries);
  const patternOf = (ofHead: (typeof sums)[number][number]) => ({
    columns: bestPlaces(ofHead.columns, columns, firstColumns),
    offsets: bestPlaces(ofHead.diagonals, diagonals, nearOffsets),
  });
  return columnsAndDiagonals(sums.map((ofBatch) => ofBatch.map(patternOf)));
}

const op = 'verticalSlash';
