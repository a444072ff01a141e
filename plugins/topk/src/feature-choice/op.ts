import { tidy, ones, reshape, transpose, type Tensor2D } from '@tensorflow/tfjs-core';
import { int32Array, requireRange, runOp } from '@tfjs-sparse/core';
import { batchTopKOp } from '../batch-top-k/definition.js';
import type { KSparse } from '../k-sparse/k-sparse.js';
import { kSparseToDense, takeEntries } from '../to-dense/op.js';
import { requireRows, topK } from '../top-k/op.js';

export interface FeatureChoiceOptions {
  /** How many rows each feature chooses, 0 to all: one number, or one for each feature (`zipfCounts`). */
  readonly counts: number | ArrayLike<number>;
}

/**
 * The greatest rows of each feature (Feature Choice, Ayonrinde 2024, "Adaptive Sparse Allocation with Mutual Choice &
 * Feature Choice Sparse Autoencoders"): every feature is active in as many rows as it is given, so that none dies. Of
 * equal values the lower row is kept; a NaN is greater than any number. Gradients of `values` go back to where these came
 * from.
 *
 * @param x float32 `[rows, features]`
 * @returns `[sum of counts]` each: the values and their places in the flattened x, row * features + feature, which ascend;
 *          what `sparseDecode` takes with `rows`
 * @throws RangeError where a count is no integer from 0 to rows, there are not as many of them as features, or x is no
 *         matrix; TypeError for other than float32
 */
export function featureChoice(x: Tensor2D, { counts }: FeatureChoiceOptions): KSparse {
  requireRows('featureChoice', x);
  requireRange(x.rank === 2, 'featureChoice', 'x must be [rows, features]', x.shape);
  const [rows, features] = x.shape;
  const each =
    typeof counts === 'number'
      ? new Int32Array(features).fill(requireCount(counts, rows))
      : int32Array('featureChoice', 'counts', counts);
  const rule = `counts must be one number or ${features} (one for each feature)`;
  requireRange(each.length === features, 'featureChoice', rule, each.length);
  for (const count of each) requireCount(count, rows);
  return tidy(() => {
    const { indices: chosenRows } = topK(transpose(x), { k: each });
    const chosen = kSparseToDense({ values: ones(chosenRows.shape), indices: chosenRows }, { width: rows });
    // The ones of the mask are its greatest values: selecting as many lists their places in order.
    const count = each.reduce((sum, of) => sum + of, 0);
    const elements = rows * features;
    const mask = reshape(transpose(chosen), [elements]);
    const { indices } = runOp(batchTopKOp, { x: mask }, { count, elements });
    return { values: takeEntries(reshape(x, [elements]), indices), indices };
  });
}

function requireCount(count: number, rows: number): number {
  const isCount = Number.isInteger(count) && count >= 0 && count <= rows;
  requireRange(isCount, 'featureChoice', `counts must be integers from 0 to ${rows} (rows of x)`, count);
  return count;
}

export interface ZipfCountsOptions {
  readonly features: number;
  /** Entries to share out, at most features * rows: k times the rows, as a rule. */
  readonly total: number;
  /** Rows of a batch, which no count exceeds. */
  readonly rows: number;
  /** Of Zipf's law, count ~ 1 / rank^exponent; default 1. 0 gives every feature the same. */
  readonly exponent?: number;
}

/**
 * Counts for `featureChoice` whose sizes follow Zipf's law, in descending order, with the given sum: shares are rounded
 * down, and the greatest remainders (of equal ones the first) get one more; what exceeds the rows goes to the others.
 *
 * @returns `[features]`
 * @throws RangeError where total is no integer from 0 to features * rows
 */
export function zipfCounts({ features, total, rows, exponent = 1 }: ZipfCountsOptions): Int32Array {
  const isPossible = Number.isInteger(total) && total >= 0 && total <= features * rows;
  requireRange(
    isPossible,
    'zipfCounts',
    `total must be an integer from 0 to ${features * rows} (features * rows)`,
    total,
  );
  const weights = Array.from({ length: features }, (_, rank) => (rank + 1) ** -exponent);
  let full = 0; // features from the first on that are active in every row
  let [rest, weight] = [total, weights.reduce((sum, each) => sum + each, 0)];
  while (full < features && (rest * weights[full]) / weight >= rows) {
    rest -= rows;
    weight -= weights[full++];
  }
  const shares = weights.map((each, rank) => (rank < full ? rows : (rest * each) / weight));
  const counts = Int32Array.from(shares, Math.floor);
  const left = total - counts.reduce((sum, each) => sum + each, 0);
  const byRemainder = [...shares.keys()].sort((a, b) => shares[b] - counts[b] - (shares[a] - counts[a]));
  for (const rank of byRemainder.slice(0, left)) counts[rank]++;
  return counts;
}
