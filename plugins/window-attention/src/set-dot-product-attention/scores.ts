import type { CompressedRows, HostTensor } from '@tfjs-sparse/core';
import type { RelativePositions, AnySetAttention } from './attributes.js';

/** The sites of a set. */
export function columnsOf({ starts, columns }: CompressedRows, set: number): Int32Array {
  return columns.subarray(starts[set], starts[set + 1]);
}

/** What a query thinks of keys: products times scale, plus what their relative positions add. */
export function scoresOf(
  q: HostTensor,
  k: HostTensor,
  bias: HostTensor | undefined,
  query: number,
  keys: Int32Array,
  head: number,
  { heads, scale, positions }: AnySetAttention['attrs'],
): number[] {
  const channels = q.shape[1] / heads;
  return Array.from(keys, (key) => {
    let product = 0;
    for (let channel = 0; channel < channels; channel++) {
      product +=
        q.values[(query * heads + head) * channels + channel] * k.values[(key * heads + head) * channels + channel];
    }
    let score = product * scale;
    if (bias && positions) {
      for (const row of biasRows(positions, query, key)) score += bias.values[row * heads + head];
    }
    return score;
  });
}

/** The rows of the bias' table for two sites, one of each axis (Point Transformer V3, RPE). */
export function biasRows({ coordinates, axes, bound }: RelativePositions, query: number, key: number): number[] {
  return Array.from({ length: axes }, (_, axis) => {
    const difference = coordinates[query * axes + axis] - coordinates[key * axes + axis];
    return axis * (2 * bound + 1) + Math.max(-bound, Math.min(bound, difference)) + bound;
  });
}
