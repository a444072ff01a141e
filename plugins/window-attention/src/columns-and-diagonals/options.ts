import type { Tensor4D } from '@tensorflow/tfjs-core';
import { requireRange } from '@tfjs-sparse/core';
import { requireSequences } from '../block-sparse-attention/op.js';
import { requireRecent } from '../recent-attention/recent-attention.js';

/** What selectors of columns and diagonals share. */
export interface RecentOptions {
  /** Queries whose attention decides; default 64, or all where there are fewer. */
  readonly lastQueries?: number;
  /** Columns at the start that always count, within those that are chosen; default 4. */
  readonly firstColumns?: number;
  /** Distances from 0 that always count, within those that are chosen; default 64. */
  readonly nearOffsets?: number;
}

/**
 * The options with their defaults.
 *
 * @throws RangeError or TypeError, in the name of `op`
 */
export function recentOptions(op: string, q: Tensor4D, k: Tensor4D, given: RecentOptions): Required<RecentOptions> {
  requireSequences(op, q, k, k);
  const { lastQueries = Math.min(64, q.shape[2], k.shape[2]), firstColumns = 4, nearOffsets = 64 } = given;
  requireRecent(op, 'lastQueries', lastQueries, q, k);
  requireCount(op, 'firstColumns', firstColumns, 0);
  requireCount(op, 'nearOffsets', nearOffsets, 0);
  return { lastQueries, firstColumns, nearOffsets };
}

export function requireCount(op: string, name: string, count: number, least: number): void {
  requireRange(Number.isInteger(count) && count >= least, op, `${name} must be an integer of at least ${least}`, count);
}
