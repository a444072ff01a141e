import { attendRow, attendRowScratch } from '../attention/attend-row.as';

/**
 * blockSparseAttention query by query.
 *
 * @param first @param end items: rows of q  @param k f32[batches, keyHeads, keys, channels]  @param v like k, of valueChannels
 * @param scratch attendRowScratch bytes for each thread, scratchBytes apart; the others as of blockSparseAttention
 */
export function blockSparseRows(
  first: usize,
  end: usize,
  thread: usize,
  q: usize,
  k: usize,
  v: usize,
  starts: usize,
  segments: usize,
  bits: usize,
  y: usize,
  logSumExp: usize,
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
  for (let row = first; row < end; row++) {
    const query = row % queries, head = (row / queries) % heads, batch = row / queries / heads;
    const firstKey = (batch * keyHeads + (head * keyHeads) / heads) * keys;
    const pattern = (batch % patternBatches) * patternHeads + (head * patternHeads) / heads;
    const start = starts + ((pattern * panels + (query >> 3)) << 2);
    attendRow(
      q + row * (channels << 2),
      k + firstKey * (channels << 2),
      v + firstKey * (valueChannels << 2),
      segments + load<u32>(start) * 12,
      segments + load<u32>(start, 4) * 12,
      bits,
      query & 7,
      keys,
      channels,
      valueChannels,
      scale,
      y + row * (valueChannels << 2),
      logSumExp + (row << 2),
      scratch + thread * scratchBytes,
    );
  }
}

/** Bytes that a thread of blockSparseRows needs. */
export function blockSparseRowsScratch(keys: usize): usize {
  return (attendRowScratch(keys) + 63) & ~63;
}
