import type { ExactTensor } from '../../../src/tensor-operation.js';

export type Sequences = Readonly<Record<'q' | 'k', ExactTensor>>;

/**
 * Softmax of the products of the last queries with all keys up to their own, divided by sqrt(channels).
 *
 * @returns `[batches * heads][count][keys]`
 */
export function recentShares({ q, k }: Sequences, count: number): number[][][] {
  const [batches, heads, queries, channels] = q.shape;
  const [, keyHeads, keys] = k.shape;
  return Array.from({ length: batches * heads }, (_, matrix) => {
    const [batch, head] = [Math.floor(matrix / heads), matrix % heads];
    const keyMatrix = batch * keyHeads + Math.floor((head * keyHeads) / heads);
    return Array.from({ length: count }, (_, row) => {
      const query = matrix * queries + queries - count + row;
      const position = keys - count + row;
      const powers = Array.from({ length: keys }, (_, key) => {
        if (key > position) return 0;
        let product = 0;
        for (let i = 0; i < channels; i++) {
          product += q.values[query * channels + i] * k.values[(keyMatrix * keys + key) * channels + i];
        }
        return Math.exp(product / Math.sqrt(channels));
      });
      const sum = powers.reduce((total, power) => total + power, 0);
      return powers.map((power) => power / sum);
    });
  });
}

/** Places of the greatest scores, ascending; of equal ones the lower. */
export function greatestPlaces(scores: readonly number[], count: number): number[] {
  const order = scores.map((_, place) => place);
  order.sort((a, b) => (scores[a] === scores[b] ? a - b : scores[b] - scores[a]));
  return order.slice(0, count).sort((a, b) => a - b);
}

/** `[tokens, heads, channels]`, as peers store sequences, as `[1, heads, tokens, channels]`. */
export function headsFirst({
  shape,
  values,
}: {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number | bigint>;
}): { readonly dtype: 'F32'; readonly shape: readonly number[]; readonly values: Float32Array } {
  const [tokens, heads, channels] = shape;
  const turned = new Float32Array(values.length);
  for (let i = 0; i < turned.length; i++) {
    const [channel, head, token] = [i % channels, Math.floor(i / channels) % heads, Math.floor(i / channels / heads)];
    turned[(head * tokens + token) * channels + channel] = Number(values[i]);
  }
  return { dtype: 'F32', shape: [1, heads, tokens, channels], values: turned };
}
