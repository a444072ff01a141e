import { attendSegments, divideSequencePanel, layOutQueries, sequencePanelScratch, writeOutputs } from '../attention/sequence-panel.as';
import { sequenceKeysBytes, sequenceValuesBytes } from '../block-sparse-attention/block-sparse-attention.as';
import { selectedSegmentsBytes, selectSegments } from './selected-segments.as';

/** Bytes that a thread of selectedBlockAttention needs. */
export function selectedBlockAttentionScratch(keys: usize, keyBlock: usize, channels: usize, valueChannels: usize): usize {
  const seenBytes = (keys / keyBlock + 64) & ~63;
  return (sequencePanelScratch(channels, valueChannels) + 2 * selectedSegmentsBytes(keys, keyBlock) + seenBytes + 127) & ~63;
}

/**
 * Attention of panels of eight queries to the blocks of keys listed for them.
 *
 * @param first @param end items: (batch * heads + head) * items + item, of panelsOfItem panels
 * @param q f32[batches, heads, queries, channels]  @param keyFours @param valueBlocks @param excess of layOutSequences, of all keys
 * @param blocks i32[batches, lists, ceil(queries / queryBlock), width]
 * @param y f32[batches, heads, queries, valueChannels]  @param logSumExp f32[batches, heads, queries]
 * @param scratch scratchBytes for each thread
 */
export function selectedBlockAttention(
  first: usize,
  end: usize,
  thread: usize,
  q: usize,
  keyFours: usize,
  valueBlocks: usize,
  excess: usize,
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
  items: usize,
  panelsOfItem: usize,
  scale: f32,
): void {
  const panels = (queries + 7) >> 3;
  const rows = (queries + queryBlock - 1) / queryBlock;
  const start = scratch + thread * scratchBytes;
  divideSequencePanel(start, channels, valueChannels);
  const segments = (start + sequencePanelScratch(channels, valueChannels) + 63) & ~63;
  const bits = segments + selectedSegmentsBytes(keys, keyBlock);
  const seenBlocks = bits + selectedSegmentsBytes(keys, keyBlock);
  memory.fill(seenBlocks, 0, (keys + keyBlock - 1) / keyBlock);
  for (let item = first; item < end; item++) {
    const batchHead = item / items;
    const head = batchHead % heads, batch = batchHead / heads;
    const matrix = batch * keyHeads + (head * keyHeads) / heads;
    const listsOfHead = blocks + (batch * lists + (head * lists) / heads) * rows * (width << 2);
    const fours = keyFours + matrix * sequenceKeysBytes(keys, channels);
    const values = valueBlocks + matrix * sequenceValuesBytes(keys, valueChannels);
    const areFinite = load<f32>(excess + (matrix << 2)) == 0;
    const firstPanel = (item % items) * panelsOfItem;
    const endPanel = min(firstPanel + panelsOfItem, panels);
    for (let panel = firstPanel; panel < endPanel; panel++) {
      const query = panel << 3;
      const row = batchHead * queries + query;
      const count = min(queries - query, 8);
      const segmentsEnd = selectSegments(listsOfHead, width, queryBlock, keyBlock, isCausal, query, count, queries, keys, seenBlocks, segments, bits, bits);
      layOutQueries(q + row * (channels << 2), count, channels, scale);
      attendSegments(segments, segmentsEnd, bits, fours, values, keys, areFinite, channels, valueChannels);
      writeOutputs(y + row * (valueChannels << 2), logSumExp + (row << 2), count, valueChannels);
    }
  }
}
