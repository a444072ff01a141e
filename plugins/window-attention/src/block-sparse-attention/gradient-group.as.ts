import { addRowBlock } from '@tfjs-sparse/core/src/assembly/row-block.as';
import { addScores, chunkKeys, writePanel } from '../attention/attend-panel.as';
import { layOutPanel, scalePanel } from '../attention/lay-out.as';
import { excessOf, layRowsInChannels } from '../attention/sequence-rows.as';
import { addVisibleRows } from '../attention/visible-keys.as';
import { addSeenRows, differentiate, turn } from './gradient-products.as';

// Gradients go through the queries of a head in groups of eight panels, and within a group through chunks of keys: what a
// chunk's keys get of a group is one product over the panels that see them.

const log2e: f32 = 1.4426950408889634;
/** Queries of a group. */
export const groupQueries: usize = 64;
const chunkFours: usize = chunkKeys >> 2;

// The keys of a head, as gradient.as.ts has them.
let keyFours: usize = 0;
let keyChannels: usize = 0;
let valueFours: usize = 0;
let keySums: usize = 0;
let valueSums: usize = 0;
let bits: usize = 0;
let keys: usize = 0; // padded to 4
let channels: usize = 0;
let valueChannels: usize = 0;
let areKeysFinite: bool = true;
let scale: f32 = 1;

// A group of queries.
let queryPanels: usize = 0; // f32[panels, channels, 8], times scale / ln 2
let dyPanels: usize = 0; // f32[panels, valueChannels, 8]
let queryChannels: usize = 0; // f32[channels / 8, queries, 8]
let dyChannels: usize = 0; // f32[valueChannels / 8, queries, 8]
let sums: usize = 0; // f32[2, queries]: logSumExp / ln 2, dy . y
let states: usize = 0; // f32[panels, 64 bytes and channels padded to 4, 8]: dq, as writePanel takes it
let scores: usize = 0; // f32[chunk, 8]
let products: usize = 0; // f32[chunk, 8]: dy . v
let powersOfKeys: usize = 0; // f32[chunk / 4, queries, 4]
let scoresOfKeys: usize = 0; // f32[chunk / 4, queries, 4]: gradients of the scores
let cursors: usize = 0; // u32[panels]: the segment of each panel that is next
let seen: usize = 0; // u32[chunk / 4, 2]: the panels, from and to, that see a four of keys
let rows: usize = 0; // f32[8, channels padded to 4]
let list: usize = 0; // u32[8]: 0 to 7

// @ts-ignore: decorator of AssemblyScript
@inline
function padded(count: usize, width: usize): usize {
  return (count + width - 1) & ~(width - 1);
}

/** @returns where the scratch of a group ends that begins at `start` */
export function divideGroup(start: usize, ofChannels: usize, ofValueChannels: usize): usize {
  const bytes = groupQueries << 2;
  queryPanels = (start + 63) & ~63;
  dyPanels = queryPanels + bytes * ofChannels;
  queryChannels = dyPanels + bytes * ofValueChannels;
  dyChannels = queryChannels + bytes * padded(ofChannels, 8);
  sums = dyChannels + bytes * padded(ofValueChannels, 8);
  states = sums + (bytes << 1);
  scores = states + (groupQueries >> 3) * (64 + (padded(ofChannels, 4) << 5));
  products = scores + (chunkKeys << 5);
  powersOfKeys = products + (chunkKeys << 5);
  scoresOfKeys = powersOfKeys + bytes * chunkKeys;
  cursors = scoresOfKeys + bytes * chunkKeys;
  seen = cursors + (groupQueries >> 1);
  rows = seen + (chunkFours << 3);
  list = rows + (padded(ofChannels, 4) << 5);
  return list + 32;
}

export function useGroup(
  ofKeyFours: usize,
  ofKeyChannels: usize,
  ofValueFours: usize,
  ofKeySums: usize,
  ofValueSums: usize,
  ofBits: usize,
  ofKeys: usize,
  ofChannels: usize,
  ofValueChannels: usize,
  ofAreKeysFinite: bool,
  ofScale: f32,
): void {
  keyFours = ofKeyFours;
  keyChannels = ofKeyChannels;
  valueFours = ofValueFours;
  keySums = ofKeySums;
  valueSums = ofValueSums;
  bits = ofBits;
  keys = ofKeys;
  channels = ofChannels;
  valueChannels = ofValueChannels;
  areKeysFinite = ofAreKeysFinite;
  scale = ofScale;
  for (let i: usize = 0; i < 8; i++) store<u32>(list + (i << 2), i as u32);
}

/**
 * Adds what a group of at most groupQueries queries gives to the sums of the keys, and writes dq.
 *
 * @param q f32[count, channels]  @param y f32[count, valueChannels]  @param dy like y  @param logSumExp f32[count]  @param dq like q
 * @param starts u32[panels of the group + 1]: first segments  @param segments i32[.., 3]
 */
export function addGroup(
  q: usize,
  y: usize,
  dy: usize,
  logSumExp: usize,
  dq: usize,
  count: usize,
  starts: usize,
  segments: usize,
): void {
  const stateBytes: usize = 64 + (padded(channels, 4) << 5);
  const panels = (count + 7) >> 3;
  const areQueriesFinite = excessOf(q, count * channels) + excessOf(dy, count * valueChannels) == 0;
  layOutGroup(q, y, dy, logSumExp, count);
  memory.fill(states, 0, panels * stateBytes);
  let next: usize = keys >> 2;
  for (let panel: usize = 0; panel < panels; panel++) {
    const start = starts + (panel << 2);
    const segment = segments + load<u32>(start) * 12;
    store<u32>(cursors + (panel << 2), segment as u32);
    if (load<u32>(start) < load<u32>(start, 4)) next = min(next, load<u32>(segment) as usize);
  }
  while (next < keys >> 2) {
    const chunk = next;
    const end = min(chunk + chunkFours, keys >> 2);
    clearChunk(end - chunk, padded(count, 8));
    next = keys >> 2;
    for (let panel: usize = 0; panel < panels; panel++) {
      const segmentsEnd = segments + load<u32>(starts + (panel << 2), 4) * 12;
      next = min(next, takeSegments(panel, segmentsEnd, chunk, end, stateBytes));
    }
    addToKeys(chunk, end, areQueriesFinite);
  }
  for (let panel: usize = 0; panel < panels; panel++) {
    const state = states + panel * stateBytes;
    scalePanel(state + 64, padded(channels, 4), scale);
    const to = dq + (panel << 3) * (channels << 2);
    writePanel(state, channels, to, channels << 2, list, min(count - (panel << 3), 8), rows);
  }
}

/** Takes what a panel sees of a chunk. @returns the first four that it sees behind the chunk, or the number of all */
function takeSegments(panel: usize, segmentsEnd: usize, chunk: usize, end: usize, stateBytes: usize): usize {
  let segment = load<u32>(cursors + (panel << 2)) as usize;
  let next: usize = keys >> 2;
  for (; segment < segmentsEnd; segment += 12) {
    const firstFour = load<u32>(segment) as usize;
    const endFour = firstFour + (load<u32>(segment, 4) as usize);
    const from = max(firstFour, chunk), to = min(endFour, end);
    if (from < to) takePart(panel, from, to, chunk, bytesOf(segment, from - firstFour), stateBytes);
    if (endFour > end) {
      next = max(firstFour, end);
      break;
    }
  }
  store<u32>(cursors + (panel << 2), segment as u32);
  return next;
}

/** Where the bits of a four of a segment are; 0 where all queries see its keys. */
function bytesOf(segment: usize, four: usize): usize {
  const word = load<i32>(segment, 8);
  return word < 0 ? 0 : bits + (((word as usize) + four) << 2);
}

/** Queries that pad the last panel have a logSumExp of Infinity: no power. */
function layOutGroup(q: usize, y: usize, dy: usize, logSumExp: usize, count: usize): void {
  const rowBytes = channels << 2, valueBytes = valueChannels << 2;
  for (let query: usize = 0; query < count; query += 8) {
    const part = min(count - query, 8);
    layOutPanel(q + query * rowBytes, rowBytes, list, part, channels, queryPanels + query * rowBytes);
    layOutPanel(dy + query * valueBytes, valueBytes, list, part, valueChannels, dyPanels + query * valueBytes);
  }
  scalePanel(queryPanels, padded(count, 8) * channels >> 3, scale * log2e);
  layRowsInChannels(q, count, groupQueries, channels, 8, queryChannels);
  layRowsInChannels(dy, count, groupQueries, valueChannels, 8, dyChannels);
  for (let query: usize = 0; query < groupQueries; query++) {
    let sum: f32 = 0;
    let log: f32 = Infinity;
    if (query < count) {
      const at = query * valueBytes;
      for (let byte: usize = 0; byte < valueBytes; byte += 4) sum += load<f32>(dy + at + byte) * load<f32>(y + at + byte);
      log = load<f32>(logSumExp + (query << 2)) * log2e;
    }
    store<f32>(sums + (query << 2), log);
    store<f32>(sums + ((groupQueries + query) << 2), sum);
  }
}

function clearChunk(fours: usize, queries: usize): void {
  for (let four: usize = 0; four < fours; four++) {
    memory.fill(powersOfKeys + four * (groupQueries << 4), 0, queries << 4);
    memory.fill(scoresOfKeys + four * (groupQueries << 4), 0, queries << 4);
    store<u32>(seen + (four << 3), groupQueries as u32);
    store<u32>(seen + (four << 3), 0, 4);
  }
}

/** Fours of keys of one segment with one panel. */
function takePart(panel: usize, first: usize, end: usize, chunk: usize, bytes: usize, stateBytes: usize): void {
  const count = (end - first) << 2;
  memory.fill(scores, 0, count << 5);
  memory.fill(products, 0, count << 5);
  addScores(queryPanels + panel * (channels << 5), keyFours + first * (channels << 4), count, channels, scores);
  addScores(dyPanels + panel * (valueChannels << 5), valueFours + first * (valueChannels << 4), count, valueChannels, products);
  differentiate(scores, products, count, sums + (panel << 5), groupQueries << 2, bytes);
  const outputs = states + panel * stateBytes + 64;
  const blockBytes = keys << 4;
  if (bytes == 0 || areKeysFinite) {
    for (let row0 = outputs, from = keyChannels + (first << 6); row0 < outputs + stateBytes - 64; row0 += 128, from += blockBytes) {
      const row1 = row0 + 32, row2 = row0 + 64, row3 = row0 + 96;
      addRowBlock(row0, row1, row2, row3, row0, row1, row2, row3, from, from + (count << 4), scores);
    }
  } else addVisibleRows(bytes, count, scores, keyChannels + (first << 6), blockBytes, channels, outputs);
  const fours = (first - chunk) * (groupQueries << 4) + (panel << 7);
  for (let four: usize = 0; four < end - first; four++) {
    turn(scores + (four << 7), scoresOfKeys + fours + four * (groupQueries << 4));
    turn(products + (four << 7), powersOfKeys + fours + four * (groupQueries << 4));
    const range = seen + ((first - chunk + four) << 3);
    store<u32>(range, min(load<u32>(range), panel as u32));
    store<u32>(range, (panel + 1) as u32, 4);
  }
}

function addToKeys(first: usize, end: usize, areQueriesFinite: bool): void {
  for (let four: usize = 0; four < end - first; four++) {
    const firstPanel = load<u32>(seen + (four << 3)) as usize, endPanel = load<u32>(seen + (four << 3), 4) as usize;
    if (firstPanel >= endPanel) continue;
    const columns = four * (groupQueries << 4) + (firstPanel << 7);
    const length = (endPanel - firstPanel) << 7;
    addRows(scoresOfKeys + columns, length, queryChannels + (firstPanel << 8), channels, keySums, first + four, areQueriesFinite);
    addRows(powersOfKeys + columns, length, dyChannels + (firstPanel << 8), valueChannels, valueSums, first + four, areQueriesFinite);
  }
}

/** Four rows += columns * panels; a factor of 0 may belong to a query that does not see the key. */
function addRows(columns: usize, length: usize, panels: usize, width: usize, rowsOfKeys: usize, four: usize, areFinite: bool): void {
  const rowBytes = padded(width, 8) << 2;
  const row0 = rowsOfKeys + four * (rowBytes << 2);
  for (let byte: usize = 0; byte < rowBytes; byte += 32, panels += groupQueries << 5) {
    const to0 = row0 + byte, to1 = to0 + rowBytes, to2 = to1 + rowBytes, to3 = to2 + rowBytes;
    if (areFinite) addRowBlock(to0, to1, to2, to3, to0, to1, to2, to3, columns, columns + length, panels);
    else addSeenRows(to0, rowBytes, columns, columns + length, panels);
  }
}
