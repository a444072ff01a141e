import { chunkKeys } from '../attention/attend-panel.as';
import { padded } from '../attention/padded.as';
import { addToQueries, clearQueryGradients, divideQueryGradients, writeQueryGradients } from '../attention/query-gradients.as';
import { differentiateScores, divideScoreGradients, layOutForScores } from '../attention/score-gradients.as';
import { excessOf, layRowsInChannels, layRowsInFours } from '../attention/sequence-rows.as';
import { addToKeys, clearChunk, clearKeySums, divideKeySums, groupQueries, layOutGroup, noteKeys } from './gradient-keys.as';

// Gradients go through the queries of a head in groups of eight panels, and within a group through chunks of keys.

const chunkFours: usize = chunkKeys >> 2;

// Where the parts of a thread's scratch begin; it serves the keys of one head and one group of queries at a time.
let keyFours: usize = 0; // f32[keys / 4, channels, 4]
let keyChannels: usize = 0; // f32[channels / 4, keys padded to 4, 4]
let valueFours: usize = 0; // f32[keys / 4, valueChannels, 4]
let scores: usize = 0; // f32[chunk, 8]
let powers: usize = 0; // f32[chunk, 8]
let cursors: usize = 0; // u32[panels]: the segment of each panel that is next
let list: usize = 0; // u32[groupQueries]: 0, 1, ..

// The head at work.
let bits: usize = 0; // u32[]
let keys: usize = 0; // padded to 4
let channels: usize = 0;
let valueChannels: usize = 0;
let areKeysFinite: bool = true;
let scale: f32 = 1;

/** @returns where the scratch ends that begins at `start` */
export function divideKeys(start: usize, keyCount: usize, ofChannels: usize, ofValueChannels: usize): usize {
  const bytes = padded(keyCount, 4) << 2;
  keyFours = padded(start, 64);
  keyChannels = keyFours + bytes * ofChannels;
  valueFours = keyChannels + bytes * padded(ofChannels, 4);
  scores = padded(valueFours + bytes * ofValueChannels, 64);
  powers = scores + (chunkKeys << 5);
  cursors = powers + (chunkKeys << 5);
  list = cursors + (groupQueries >> 1);
  const scoresEnd = divideScoreGradients(list + (groupQueries << 2), groupQueries, ofChannels, ofValueChannels);
  const queriesEnd = divideQueryGradients(scoresEnd, groupQueries, ofChannels);
  return divideKeySums(queriesEnd, keyCount, ofChannels, ofValueChannels);
}

/** @param k f32[keys, channels]  @param v f32[keys, valueChannels]  @param ofBits u32[], of the segments that addGroup gets */
export function layOutKeys(
  k: usize,
  v: usize,
  ofBits: usize,
  keyCount: usize,
  ofChannels: usize,
  ofValueChannels: usize,
  ofScale: f32,
): void {
  bits = ofBits;
  keys = padded(keyCount, 4);
  channels = ofChannels;
  valueChannels = ofValueChannels;
  areKeysFinite = excessOf(k, keyCount * channels) == 0;
  scale = ofScale;
  layRowsInFours(k, keyCount, channels, keyFours);
  layRowsInChannels(k, keyCount, keys, channels, 4, keyChannels);
  layRowsInFours(v, keyCount, valueChannels, valueFours);
  clearKeySums(keyCount, channels, valueChannels);
  for (let i: usize = 0; i < groupQueries; i++) store<u32>(list + (i << 2), i as u32);
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
  const rowBytes = channels << 2, valueBytes = valueChannels << 2;
  const panels = (count + 7) >> 3;
  layOutForScores(q, y, dy, logSumExp, rowBytes, valueBytes, 4, list, count, channels, valueChannels, scale);
  layOutGroup(q, dy, count, channels, valueChannels);
  clearQueryGradients(count, channels);
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
    clearChunk(end - chunk, count);
    next = keys >> 2;
    for (let panel: usize = 0; panel < panels; panel++) {
      const segmentsEnd = segments + load<u32>(starts + (panel << 2), 4) * 12;
      next = min(next, takeSegments(panel, segmentsEnd, chunk, end));
    }
    addToKeys(chunk, end - chunk, channels, valueChannels);
  }
  writeQueryGradients(dq, rowBytes, list, count, channels, scale);
}

/** Takes what a panel sees of a chunk. @returns the first four that it sees behind the chunk, or the number of all */
function takeSegments(panel: usize, segmentsEnd: usize, chunk: usize, end: usize): usize {
  let segment = load<u32>(cursors + (panel << 2)) as usize;
  let next: usize = keys >> 2;
  for (; segment < segmentsEnd; segment += 12) {
    const firstFour = load<u32>(segment) as usize;
    const endFour = firstFour + (load<u32>(segment, 4) as usize);
    const from = max(firstFour, chunk), to = min(endFour, end);
    if (from < to) takePart(panel, from, to, chunk, bytesOf(segment, from - firstFour));
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

/** Fours of keys of one segment with one panel. */
function takePart(panel: usize, first: usize, end: usize, chunk: usize, bytes: usize): void {
  const count = (end - first) << 2;
  const ofKeys = keyFours + first * (channels << 4), ofValues = valueFours + first * (valueChannels << 4);
  memory.fill(scores, 0, count << 5);
  differentiateScores(panel, ofKeys, ofValues, count, channels, valueChannels, bytes, scores, powers);
  addToQueries(panel, scores, count, keyChannels + (first << 6), keys << 4, channels, areKeysFinite ? 0 : bytes);
  noteKeys(panel, first - chunk, end - chunk, scores, powers);
}
