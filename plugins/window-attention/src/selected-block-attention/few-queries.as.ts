import { attendRow, attendRowScratch } from '../attention/attend-row.as';
import { selectedSegmentsBytes, selectSegments } from './selected-segments.as';

/** Bytes that a thread of selectedRows needs. */
export function selectedRowsScratch(keys: usize, keyBlock: usize): usize {
  return (attendRowScratch(keys) + 2 * selectedSegmentsBytes(keys, keyBlock) + keys / keyBlock + 64) & ~63;
}

/**
 * selectedBlockAttention query by query.
 *
 * @param first @param end items: rows of q  @param k f32[batches, keyHeads, keys, channels]  @param v like k, of valueChannels
 * @param scratch selectedRowsScratch bytes for each thread, scratchBytes apart; the others as of selectedBlockAttention
 */
export function selectedRows(
  first: usize,
  end: usize,
  thread: usize,
  q: usize,
  k: usize,
  v: usize,
  blocks: usize,
  y: usize,
  logSumExp: usize,
  scratch: usize,
  scratchBytes: usize,
  heads: usize,
  keyHeads: usize,
  lists: usize,
  queries: usize,
  keys: usize,
  channels: usize,
  valueChannels: usize,
  queryBlock: usize,
  keyBlock: usize,
  width: usize,
  isCausal: bool,
  scale: f32,
): void {
  const listRows = (queries + queryBlock - 1) / queryBlock;
  const ofThread = scratch + thread * scratchBytes;
  const segments = ofThread + attendRowScratch(keys);
  const bits = segments + selectedSegmentsBytes(keys, keyBlock);
  const seenBlocks = bits + selectedSegmentsBytes(keys, keyBlock);
  memory.fill(seenBlocks, 0, (keys + keyBlock - 1) / keyBlock);
  for (let row = first; row < end; row++) {
    const query = row % queries, head = (row / queries) % heads, batch = row / queries / heads;
    const firstKey = (batch * keyHeads + (head * keyHeads) / heads) * keys;
    const listsOfHead = blocks + (batch * lists + (head * lists) / heads) * listRows * (width << 2);
    const segmentsEnd = selectSegments(listsOfHead, width, queryBlock, keyBlock, isCausal, query, 1, queries, keys, seenBlocks, segments, bits, bits);
    attendRow(
      q + row * (channels << 2),
      k + firstKey * (channels << 2),
      v + firstKey * (valueChannels << 2),
      segments,
      segmentsEnd,
      bits,
      0,
      keys,
      channels,
      valueChannels,
      scale,
      y + row * (valueChannels << 2),
      logSumExp + (row << 2),
      ofThread,
    );
  }
}
