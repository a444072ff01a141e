import { attendSegments, divideSequencePanel, layOutQueries, sequencePanelScratch, writeOutputs } from '../attention/sequence-panel.as';
import { excessOf, layRowsInChannels, layRowsInFours } from '../attention/sequence-rows.as';

// @ts-ignore: decorator of AssemblyScript
@inline
function padded(count: usize): usize {
  return (count + 3) & ~3;
}

/** Bytes of keys of a head, laid out. */
export function sequenceKeysBytes(count: usize, channels: usize): usize {
  return padded(count) * (channels << 2);
}

/** Bytes of values of a head, laid out. */
export function sequenceValuesBytes(count: usize, valueChannels: usize): usize {
  return padded(count) * (padded(valueChannels) << 2);
}

/**
 * Lays some keys and values of heads out for blockSparseAttention, from firstKey on.
 *
 * @param first @param end items: batch * keyHeads + keyHead
 * @param k f32[items, keys, channels]  @param v f32[items, keys, valueChannels]
 * @param keyFours f32[items, keyCount / 4, channels, 4]  @param valueBlocks f32[items, valueChannels / 4, keyCount padded to 4, 4]
 * @param excess   f32[items]: 0 where all these values are finite, else NaN
 */
export function layOutSequences(
  first: usize,
  end: usize,
  thread: usize,
  k: usize,
  v: usize,
  keyFours: usize,
  valueBlocks: usize,
  excess: usize,
  keys: usize,
  firstKey: usize,
  keyCount: usize,
  channels: usize,
  valueChannels: usize,
): void {
  for (let item = first; item < end; item++) {
    const row = item * keys + firstKey;
    const values = v + row * (valueChannels << 2);
    const to = valueBlocks + item * sequenceValuesBytes(keyCount, valueChannels);
    layRowsInFours(k + row * (channels << 2), keyCount, channels, keyFours + item * sequenceKeysBytes(keyCount, channels));
    layRowsInChannels(values, keyCount, padded(keyCount), valueChannels, 4, to);
    store<f32>(excess + (item << 2), excessOf(values, keyCount * valueChannels));
  }
}

/**
 * Attention of panels of eight queries to the segments of keys that they see; see attention-plan.ts for these.
 *
 * @param first @param end items: (batch * heads + head) * items + item, of panelsOfItem panels
 * @param q f32[batches, heads, queries, channels]  @param keyFours @param valueBlocks @param excess of layOutSequences
 * @param starts u32[patterns * panels + 1]  @param segments i32[.., 3]  @param bits u8[]: a byte for each key
 * @param y f32[batches, heads, queries, valueChannels]  @param logSumExp f32[batches, heads, queries]
 * @param scratch sequencePanelScratch bytes for each thread
 */
export function blockSparseAttention(
  first: usize,
  end: usize,
  thread: usize,
  q: usize,
  keyFours: usize,
  valueBlocks: usize,
  excess: usize,
  starts: usize,
  segments: usize,
  bits: usize,
  y: usize,
  logSumExp: usize,
  scratch: usize,
  heads: usize,
  keyHeads: usize,
  queries: usize,
  firstKey: usize,
  keyCount: usize,
  channels: usize,
  valueChannels: usize,
  patternBatches: usize,
  patternHeads: usize,
  items: usize,
  panelsOfItem: usize,
  scale: f32,
): void {
  const panels = (queries + 7) >> 3;
  divideSequencePanel(scratch + thread * sequencePanelScratch(channels, valueChannels), channels, valueChannels);
  for (let item = first; item < end; item++) {
    const batchHead = item / items;
    const head = batchHead % heads, batch = batchHead / heads;
    const matrix = batch * keyHeads + (head * keyHeads) / heads;
    const pattern = (batch % patternBatches) * patternHeads + (head * patternHeads) / heads;
    // Where key 0 would be.
    const fours = keyFours + matrix * sequenceKeysBytes(keyCount, channels) - firstKey * (channels << 2);
    const blocks = valueBlocks + matrix * sequenceValuesBytes(keyCount, valueChannels) - (firstKey << 4);
    const areFinite = load<f32>(excess + (matrix << 2)) == 0;
    const firstPanel = (item % items) * panelsOfItem;
    const endPanel = min(firstPanel + panelsOfItem, panels);
    for (let panel = firstPanel; panel < endPanel; panel++) {
      const row = batchHead * queries + (panel << 3);
      const count = min(queries - (panel << 3), 8);
      const start = starts + ((pattern * panels + panel) << 2);
      const segment = segments + load<u32>(start) * 12, segmentsEnd = segments + load<u32>(start, 4) * 12;
      const to = y + row * (valueChannels << 2);
      layOutQueries(q + row * (channels << 2), count, channels, scale);
      attendSegments(segment, segmentsEnd, bits, fours, blocks, keyCount, areFinite, channels, valueChannels);
      writeOutputs(to, logSumExp + (row << 2), count, valueChannels);
    }
  }
}
