import { addGroup, divideKeys, layOutKeys } from './gradient-group.as';
import { groupQueries, writeKeyGradients } from './gradient-keys.as';

/** Bytes that a thread of blockSparseAttentionGradient needs. */
export function blockSparseAttentionGradientScratch(keys: usize, channels: usize, valueChannels: usize): usize {
  return (divideKeys(0, keys, channels, valueChannels) + 127) & ~63;
}

/**
 * Gradients of blockSparseAttention; scores and powers are computed again.
 *
 * @param first @param end items: batch * keyHeads + keyHead  @param thread whose scratch to use
 * @param q f32[batches, heads, queries, channels]  @param k f32[batches, keyHeads, keys, channels]
 * @param v f32[batches, keyHeads, keys, valueChannels]  @param y f32[batches, heads, queries, valueChannels]  @param dy like y
 * @param logSumExp f32[batches, heads, queries]  @param starts @param segments @param bits of attention-plan.ts
 * @param dq like q  @param dk like k  @param dv like v  @param scratch scratchBytes for each thread
 */
export function blockSparseAttentionGradient(
  first: usize,
  end: usize,
  thread: usize,
  q: usize,
  k: usize,
  v: usize,
  y: usize,
  logSumExp: usize,
  dy: usize,
  starts: usize,
  segments: usize,
  bits: usize,
  dq: usize,
  dk: usize,
  dv: usize,
  scratch: usize,
  scratchBytes: usize,
  heads: usize,
  keyHeads: usize,
  queries: usize,
  keys: usize,
  channels: usize,
  valueChannels: usize,
  patternBatches: usize,
  patternHeads: usize,
  scale: f32,
): void {
  const panels = (queries + 7) >> 3;
  const ofKeyHead = heads / keyHeads;
  divideKeys(scratch + thread * scratchBytes, keys, channels, valueChannels);
  for (let item = first; item < end; item++) {
    const keyAt = item * keys * (channels << 2), valueAt = item * keys * (valueChannels << 2);
    layOutKeys(k + keyAt, v + valueAt, bits, keys, channels, valueChannels, scale);
    const batch = item / keyHeads;
    for (let each: usize = 0; each < ofKeyHead; each++) {
      const head = (item % keyHeads) * ofKeyHead + each;
      const pattern = (batch % patternBatches) * patternHeads + (head * patternHeads) / heads;
      for (let query: usize = 0; query < queries; query += groupQueries) {
        const row = (batch * heads + head) * queries + query;
        const at = row * (channels << 2), to = row * (valueChannels << 2);
        const startsOfGroup = starts + ((pattern * panels + (query >> 3)) << 2);
        const count = min(queries - query, groupQueries);
        addGroup(q + at, y + to, dy + to, logSumExp + (row << 2), dq + at, count, startsOfGroup, segments);
      }
    }
    writeKeyGradients(dk + keyAt, dv + valueAt, keys, channels, valueChannels, scale);
  }
}
