import type { Tensor4D } from '@tensorflow/tfjs-core';
import { recentAttention } from '../recent-attention/recent-attention.js';

/** What the last queries gave each key, and the keys at each distance before them (0 first); both `[keys]`. */
export interface RecentSums {
  readonly columns: Float64Array;
  readonly diagonals: Float64Array;
}

/**
 * Sums of the attention of the last queries along columns and diagonals. They are read from the device, because the mask
 * that they lead to is made on the host.
 *
 * @param q `[batches, heads, queries, channels]`
 * @param k `[batches, keyHeads, keys, channels]`
 * @returns of each batch of each head
 */
export async function recentSums(q: Tensor4D, k: Tensor4D, lastQueries: number): Promise<RecentSums[][]> {
  const [batches, heads] = q.shape;
  const keys = k.shape[2];
  const attention = recentAttention(q, k, lastQueries);
  const shares = await attention.data<'float32'>();
  attention.dispose();
  const ofHead = (index: number) =>
    sumsOf(shares.subarray(index * lastQueries * keys, (index + 1) * lastQueries * keys), lastQueries, keys);
  return Array.from({ length: batches }, (_, batch) =>
    Array.from({ length: heads }, (_, head) => ofHead(batch * heads + head)),
  );
}

/** @param shares `[lastQueries, keys]` */
function sumsOf(shares: Float32Array, lastQueries: number, keys: number): RecentSums {
  const columns = new Float64Array(keys);
  const diagonals = new Float64Array(keys);
  for (let row = 0; row < lastQueries; row++) {
    const position = keys - lastQueries + row;
    for (let key = 0; key <= position; key++) {
      const share = shares[row * keys + key];
      columns[key] += share;
      diagonals[position - key] += share;
    }
  }
  return { columns, diagonals };
}
