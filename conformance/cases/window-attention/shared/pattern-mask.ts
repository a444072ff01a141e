import * as tf from '@tensorflow/tfjs-core';
import type { AttentionMask } from '@tfjs-sparse/window-attention';

/** bool of `[batches, heads, queries, keys]`: which keys a mask lets each query see. */
export function patternMask(mask: AttentionMask, shape: [number, number, number, number]): tf.Tensor {
  const [batches, heads, queries, keys] = shape;
  const seen = new Uint8Array(batches * heads * queries * keys);
  for (let row = 0; row < batches * heads * queries; row++) {
    const query = row % queries;
    const head = Math.floor(row / queries) % heads;
    const batch = Math.floor(row / queries / heads);
    const place = { query, position: query + keys - queries, queries, keys, batch, head };
    for (const [first, end] of mask.visibleKeys(place)) {
      seen.fill(1, row * keys + Math.max(first, 0), row * keys + Math.max(Math.min(end, keys), 0));
    }
  }
  return tf.tensor(seen, shape, 'bool');
}
