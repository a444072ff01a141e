import { add, div, fill, max, pad, range, reshape, slice, sum, where, greaterEqual, less, logicalOr, broadcastTo, type Tensor, type Tensor3D, type Tensor4D } from '@tensorflow/tfjs-core'; // prettier-ignore
import { requireRange } from '@tfjs-sparse/core';
import { requireSequences } from '../block-sparse-attention/op.js';
import { requireCount } from '../columns-and-diagonals/options.js';
import { recentAttention, requireRecent } from '../recent-attention/recent-attention.js';

export interface KeptTokensOptions {
  /** Tokens that a head of keys keeps. */
  readonly capacity: number;
  /** Tokens at the start and at the end that always stay, within the capacity; default 4 and 128. */
  readonly start?: number;
  readonly recent?: number;
  /** Queries whose attention decides; default 64, or all where there are fewer. */
  readonly lastQueries?: number;
  /** Neighbouring tokens whose importance is averaged, an odd number; default 7. */
  readonly kernel?: number;
}

/** Above every importance: it keeps the tokens that always stay. */
export const certain = 1e30;

/**
 * The options with their defaults.
 *
 * @throws RangeError or TypeError, in the name of `op`
 */
export function keptTokensOptions(
  op: string,
  q: Tensor4D,
  k: Tensor4D,
  given: KeptTokensOptions,
): Required<KeptTokensOptions> {
  requireSequences(op, q, k, k);
  const { capacity, start = 4, recent = 128, lastQueries = Math.min(64, q.shape[2], k.shape[2]), kernel = 7 } = given;
  requireRecent(op, 'lastQueries', lastQueries, q, k);
  requireCount(op, 'start', start, 0);
  requireCount(op, 'recent', recent, 0);
  requireRange(Number.isInteger(kernel) && kernel % 2 === 1, op, 'kernel must be an odd number', kernel);
  const isCount = Number.isInteger(capacity) && capacity >= start + recent && capacity <= k.shape[2];
  requireRange(isCount, op, `capacity must be an integer from ${start + recent} (start + recent) to ${k.shape[2]} (keys)`, capacity); // prettier-ignore
  return { capacity, start, recent, lastQueries, kernel };
}

/**
 * What the last queries gave each key, of all heads that share it, averaged over neighbouring keys; `certain` for those that
 * always stay.
 *
 * @param over how heads and queries become one number: 'mean' over heads of the sum over queries, or 'max' over all
 * @returns    `[batches, keyHeads, keys]`
 */
export function tokenScores(
  q: Tensor4D,
  k: Tensor4D,
  { start, recent, lastQueries, kernel }: Required<KeptTokensOptions>,
  over: 'mean' | 'max',
): Tensor3D {
  const [batches, heads] = q.shape;
  const [, keyHeads, keys] = k.shape;
  const group = heads / keyHeads;
  const shares = reshape(recentAttention(q, k, lastQueries), [batches, keyHeads, group * lastQueries, keys]);
  const importance = (over === 'max' ? max(shares, 2) : div(sum(shares, 2), group)) as Tensor3D;
  const places = range(0, keys, 1, 'int32');
  const stays = broadcastTo(logicalOr(less(places, start), greaterEqual(places, keys - recent)), importance.shape);
  return where(stays, fill(importance.shape, certain), neighbourMeans(importance, kernel)) as Tensor3D;
}

/** Over `kernel` neighbours of the last axis; those beyond the ends count as 0. */
function neighbourMeans(x: Tensor3D, kernel: number): Tensor {
  const side = (kernel - 1) / 2;
  const padded = pad(x, [[0, 0], [0, 0], [side, side]]); // prettier-ignore
  const shifted = Array.from({ length: kernel }, (_, i) =>
    slice(padded, [0, 0, i], x.shape as [number, number, number]),
  );
  return div(
    shifted.reduce((sum, each) => add(sum, each)), // addN has no more inputs than a shader has buffers
    kernel,
  );
}
