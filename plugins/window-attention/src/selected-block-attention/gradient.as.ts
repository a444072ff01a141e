import { addGroup, divideKeys, layOutKeys } from '../block-sparse-attention/gradient-group.as';
import { groupQueries, writeKeyGradients } from '../block-sparse-attention/gradient-keys.as';
import { selectedBitsEnd, selectedSegmentsBytes, selectSegments } from './selected-segments.as';

const groupPanels: usize = groupQueries >> 3;

let starts: usize = 0; // u32[panels of a group + 1]
let segments: usize = 0; // i32[.., 3]
let bits: usize = 0; // u32[]
let seenBlocks: usize = 0; // u8[blocks of keys]

/** @returns where the scratch ends that begins at `start` */
function divide(start: usize, keys: usize, keyBlock: usize, channels: usize, valueChannels: usize): usize {
  starts = (divideKeys(start, keys, channels, valueChannels) + 63) & ~63;
  segments = starts + 64;
  bits = segments + groupPanels * selectedSegmentsBytes(keys, keyBlock);
  seenBlocks = bits + groupPanels * selectedSegmentsBytes(keys, keyBlock);
  return seenBlocks + keys / keyBlock + 1;
}

/** Bytes that a thread of selectedBlockAttentionGradient needs. */
export function selectedBlockAttentionGradientScratch(keys: usize, keyBlock: usize, channels: usize, valueChannels: usize): usize {
  return (divide(0, keys, keyBlock, channels, valueChannels) + 127) & ~63;
}

/**
 * Gradients of selectedBlockAttention; scores and powers are computed again.
 *
 * @param first @param end items: batch * keyHeads + keyHead  @param thread whose scratch to use
 * @param q f32[batches, heads, queries, channels]  @param k f32[batches, keyHeads, keys, channels]
 * @param v f32[batches, keyHeads, keys, valueChannels]  @param blocks i32[batches, lists, ceil(queries / queryBlock), width]
 * @param y f32[batches, heads, queries, valueChannels]  @param dy like y  @param logSumExp f32[batches, heads, queries]
 * @param dq like q  @param dk like k  @param dv like v  @param scratch scratchBytes for each thread
 */
export function selectedBlockAttentionGradient(
  first: usize,
  end: usize,
  thread: usize,
  q: usize,
  k: usize,
  v: usize,
  blocks: usize,
  y: usize,
  logSumExp: usize,
  dy: usize,
  dq: usize,
  dk: usize,
  dv: usize,
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
  const ofKeyHead = heads / keyHeads;
  divide(scratch + thread * scratchBytes, keys, keyBlock, channels, valueChannels);
  memory.fill(seenBlocks, 0, keys / keyBlock + 1);
  for (let item = first; item < end; item++) {
    const keyAt = item * keys * (channels << 2), valueAt = item * keys * (valueChannels << 2);
    layOutKeys(k + keyAt, v + valueAt, bits, keys, channels, valueChannels, scale);
    const batch = item / keyHeads;
    for (let each: usize = 0; each < ofKeyHead; each++) {
      const head = (item % keyHeads) * ofKeyHead + each;
      const listsOfHead = blocks + (batch * lists + (head * lists) / heads) * listRows * (width << 2);
      for (let query: usize = 0; query < queries; query += groupQueries) {
        const row = (batch * heads + head) * queries + query;
        const at = row * (channels << 2), to = row * (valueChannels << 2);
        const count = min(queries - query, groupQueries);
        let segmentsEnd = segments, bitsEnd = bits;
        store<u32>(starts, 0);
        for (let panel: usize = 0; panel << 3 < count; panel++) {
          const part = min(count - (panel << 3), 8);
          segmentsEnd = selectSegments(listsOfHead, width, queryBlock, keyBlock, isCausal, query + (panel << 3), part, queries, keys, seenBlocks, segmentsEnd, bitsEnd, bits);
          bitsEnd = selectedBitsEnd();
          store<u32>(starts + (panel << 2), ((segmentsEnd - segments) / 12) as u32, 4);
        }
        addGroup(q + at, y + to, dy + to, logSumExp + (row << 2), dq + at, count, starts, segments);
      }
    }
    writeKeyGradients(dk + keyAt, dv + valueAt, keys, channels, valueChannels, scale);
  }
}
