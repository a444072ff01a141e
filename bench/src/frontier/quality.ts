import type { Tensor4D } from '@tensorflow/tfjs';
import type { KeyRange } from '@tfjs-sparse/window-attention';
import type { BenchContext } from '../bench.js';
import { channels, heads } from './attention-heads.js';

/** |y - dense| / |dense| over all rows and heads. */
export async function relativeError({ tf }: BenchContext, y: Tensor4D, dense: Tensor4D): Promise<number> {
  const [error, norm] = tf.tidy(() => [tf.norm(tf.sub(y, dense)), tf.norm(dense)]);
  const [[of], [to]] = await Promise.all([error.data(), norm.data()]);
  tf.dispose([error, norm]);
  return of / to;
}

/** The share of causal pairs that are seen. */
export function seenShare(visible: (head: number, query: number) => readonly KeyRange[], tokens: number): number {
  let pairs = 0;
  for (let head = 0; head < heads; head++) {
    for (let query = 0; query < tokens; query++) pairs += countOf(visible(head, query));
  }
  return pairs / ((heads * tokens * (tokens + 1)) / 2);
}

export function countOf(ranges: readonly KeyRange[]): number {
  return ranges.reduce((sum, [first, end]) => sum + end - first, 0);
}

/**
 * The share of a query's attention that falls on the keys that it sees.
 *
 * @param q of the head, at its row  @param k `[heads, tokens, channels]`  @param keys those up to its own
 */
export function keptMass(
  q: Float32Array,
  k: Float32Array,
  head: number,
  tokens: number,
  keys: number,
  ranges: readonly KeyRange[],
): number {
  const powers = new Float64Array(keys);
  for (let key = 0; key < keys; key++) {
    const first = (head * tokens + key) * channels;
    let product = 0;
    for (let i = 0; i < channels; i++) product += q[i] * k[first + i];
    powers[key] = Math.exp(product / Math.sqrt(channels));
  }
  const all = powers.reduce((sum, power) => sum + power, 0);
  const seen = ranges.reduce((sum, [first, end]) => {
    for (let key = first; key < end; key++) sum += powers[key];
    return sum;
  }, 0);
  return seen / all;
}
