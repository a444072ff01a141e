import { chunkKeys } from '../attention/attend-panel.as';
import { layOutChannels, layOutFours } from '../attention/lay-out.as';
import { padded } from '../attention/padded.as';
import { addToQueries, clearQueryGradients, divideQueryGradients, writeQueryGradients } from '../attention/query-gradients.as';
import { differentiateScores, divideScoreGradients, layOutForScores } from '../attention/score-gradients.as';
import { addBiasGradient, clearBiasGradient, divideBiasGradient, writeBiasGradient } from './gradient-bias.as';
import { divideSetKeyGradients, layOutForKeys, noteForKeys, writeSetKeyGradients } from './gradient-keys.as';
import { fillBias } from './relative-bias.as';

// Where the parts of a thread's scratch begin; it serves one set and head at a time.
let keyFours: usize = 0; // f32[keys / 4, channels, 4]
let keyChannels: usize = 0; // f32[channels / 4, keys, 4]
let valueFours: usize = 0; // f32[keys / 4, channels, 4]
let scores: usize = 0; // f32[chunk, 8]
let powers: usize = 0; // f32[chunk, 8]

/** @returns where the scratch ends that begins at `start` */
function divide(start: usize, mostQueries: usize, mostKeys: usize, channels: usize, biasRows: usize): usize {
  const queries = padded(mostQueries, 8);
  const bytes = padded(mostKeys, 4) << 2;
  keyFours = padded(start, 64);
  keyChannels = keyFours + bytes * channels;
  valueFours = keyChannels + bytes * padded(channels, 4);
  scores = padded(valueFours + bytes * channels, 64);
  powers = scores + (chunkKeys << 5);
  const scoresEnd = divideScoreGradients(powers + (chunkKeys << 5), queries, channels, channels);
  const queriesEnd = divideQueryGradients(scoresEnd, queries, channels);
  return divideBiasGradient(divideSetKeyGradients(queriesEnd, queries, channels), biasRows);
}

/** Bytes that a thread of setAttentionGradient needs where no set has more queries or keys. */
export function setAttentionGradientScratch(
  mostQueries: usize,
  mostKeys: usize,
  channels: usize,
  biasRows: usize,
): usize {
  return padded(divide(0, mostQueries, mostKeys, channels, biasRows) + 64, 64);
}

/**
 * Gradients of setDotProductAttention; scores and powers are computed again.
 *
 * @param first @param end items: set * heads + head  @param thread whose scratch to use
 * @param dq f32[sites, heads, channels]  @param dk f32[keys of all sets, heads, channels]  @param dv like dk
 * @param dbias f32[sets, axes * (2 * bound + 1), heads], or 0  @param scratch setAttentionGradientScratch bytes for each thread
 */
export function setAttentionGradient(
  first: usize,
  end: usize,
  thread: usize,
  q: usize,
  k: usize,
  v: usize,
  bias: usize,
  coordinates: usize,
  y: usize,
  logSumExp: usize,
  dy: usize,
  queryStarts: usize,
  queries: usize,
  keyStarts: usize,
  keys: usize,
  dq: usize,
  dk: usize,
  dv: usize,
  dbias: usize,
  scratch: usize,
  scratchBytes: usize,
  heads: usize,
  channels: usize,
  mostQueries: usize,
  mostKeys: usize,
  axes: usize,
  bound: i32,
  scale: f32,
): void {
  const rowBytes = (heads * channels) << 2;
  const biasRows: usize = bias == 0 ? 0 : axes * ((2 * bound + 1) as usize);
  divide(scratch + thread * scratchBytes, mostQueries, mostKeys, channels, biasRows);
  for (let item = first; item < end; item++) {
    const set = item / heads;
    const head = item % heads;
    const offset = head * (channels << 2);
    const firstQuery = load<u32>(queryStarts + (set << 2)) as usize;
    const queryCount = load<u32>(queryStarts + (set << 2), 4) as usize - firstQuery;
    const firstKey = load<u32>(keyStarts + (set << 2)) as usize;
    const keyCount = load<u32>(keyStarts + (set << 2), 4) as usize - firstKey;
    const queryList = queries + (firstQuery << 2);
    const keyList = keys + (firstKey << 2);
    clearBiasGradient(biasRows);
    if (queryCount > 0 && keyCount > 0) {
      const qAt = q + offset, kAt = k + offset, dyAt = dy + offset, logs = logSumExp + (head << 2);
      layOutForScores(qAt, y + offset, dyAt, logs, rowBytes, rowBytes, heads << 2, queryList, queryCount, channels, channels, scale);
      layOutForKeys(qAt, dyAt, rowBytes, queryList, queryCount, channels);
      layOutFours(kAt, rowBytes, keyList, keyCount, channels, keyFours);
      layOutChannels(kAt, rowBytes, keyList, keyCount, channels, 4, keyChannels);
      layOutFours(v + offset, rowBytes, keyList, keyCount, channels, valueFours);
    }
    clearQueryGradients(queryCount, channels);
    for (let key: usize = 0; key < keyCount; key += chunkKeys) {
      const chunk = min(keyCount - key, chunkKeys);
      const chunkList = keyList + (key << 2);
      const at = key * (channels << 2);
      for (let query: usize = 0; query < queryCount; query += 8) {
        const panel = query >> 3, list = queryList + (query << 2), count = min(queryCount - query, 8);
        if (bias == 0) memory.fill(scores, 0, padded(chunk, 4) << 5);
        else fillBias(bias, coordinates, axes, bound, heads, head, list, count, chunkList, chunk, scores);
        differentiateScores(panel, keyFours + at, valueFours + at, chunk, channels, channels, 0, scores, powers);
        noteForKeys(query, queryCount, chunk, scores, powers);
        if (bias != 0) addBiasGradient(coordinates, axes, bound, list, count, chunkList, chunk, scores);
        addToQueries(panel, scores, chunk, keyChannels + (key << 4), keyCount << 4, channels, 0);
      }
      const to = (firstKey + key) * rowBytes + offset;
      writeSetKeyGradients(dk + to, dv + to, rowBytes, chunk, queryCount, channels, scale);
    }
    writeQueryGradients(dq + offset, rowBytes, queryList, queryCount, channels, scale);
    writeBiasGradient(dbias + ((set * biasRows * heads + head) << 2), biasRows, heads);
  }
}
