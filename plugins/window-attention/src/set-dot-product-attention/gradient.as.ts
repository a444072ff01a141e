import { addRowBlock, panelBytes } from '@tfjs-sparse/core/src/assembly/row-block.as';
import { storeTransposed } from '@tfjs-sparse/core/src/assembly/simd.as';
import { addScores, chunkKeys, writePanel } from '../attention/attend-panel.as';
import { exp2x4 } from '@tfjs-sparse/core/src/assembly/exp2.as';
import { layOutChannels, layOutFours, layOutPanel, scalePanel } from '../attention/lay-out.as';
import { biasRow, fillBias, placeOf } from './relative-bias.as';

const log2e: f32 = 1.4426950408889634;

// @ts-ignore: decorator of AssemblyScript
@inline
function padded(count: usize, width: usize): usize {
  return (count + width - 1) & ~(width - 1);
}

// Where the parts of a thread's scratch begin; it serves one set and head at a time.
let queryPanels: usize = 0; // f32[panels, channels, 8], times scale / ln 2
let dyPanels: usize = 0; // f32[panels, channels, 8]
let queryChannels: usize = 0; // f32[channels / 8, queries, 8]
let dyChannels: usize = 0; // f32[channels / 8, queries, 8]
let keyFours: usize = 0; // f32[keys / 4, channels, 4]
let keyChannels: usize = 0; // f32[channels / 4, keys, 4]
let valueFours: usize = 0; // f32[keys / 4, channels, 4]
let sums: usize = 0; // f32[2, queries]: logSumExp / ln 2, dy . y
let states: usize = 0; // f32[panels, 64 bytes and channels padded to 4, 8]: dq, as writePanel takes it
let scores: usize = 0; // f32[chunk, 8]
let products: usize = 0; // f32[chunk, 8]: dy . v
let powersOfKeys: usize = 0; // f32[chunk / 4, queries, 4]
let scoresOfKeys: usize = 0; // f32[chunk / 4, queries, 4]: gradients of the scores
let rows: usize = 0; // f32[8, channels padded to 4]
let biasSums: usize = 0; // f64[rows of the bias]

/** @returns bytes from `start` on */
function divide(start: usize, mostQueries: usize, mostKeys: usize, channels: usize, biasRows: usize): usize {
  const queries = padded(mostQueries, 8);
  const keys = padded(mostKeys, 4);
  const eights = padded(channels, 8) << 2;
  const fours = padded(channels, 4) << 2;
  queryPanels = (start + 63) & ~63;
  dyPanels = queryPanels + queries * (channels << 2);
  queryChannels = dyPanels + queries * (channels << 2);
  dyChannels = queryChannels + queries * eights;
  keyFours = dyChannels + queries * eights;
  keyChannels = keyFours + keys * (channels << 2);
  valueFours = keyChannels + keys * fours;
  sums = valueFours + keys * (channels << 2);
  states = sums + (queries << 3);
  scores = states + (queries >> 3) * (64 + (fours << 3));
  products = scores + (chunkKeys << 5);
  powersOfKeys = products + (chunkKeys << 5);
  scoresOfKeys = powersOfKeys + queries * (chunkKeys << 2);
  rows = scoresOfKeys + queries * (chunkKeys << 2);
  biasSums = rows + (fours << 3);
  return biasSums + (biasRows << 3) - start + 64;
}

/** Bytes that a thread of setAttentionGradient needs where no set has more queries or keys. */
export function setAttentionGradientScratch(
  mostQueries: usize,
  mostKeys: usize,
  channels: usize,
  biasRows: usize,
): usize {
  return (divide(0, mostQueries, mostKeys, channels, biasRows) + 63) & ~63;
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
  const stateBytes: usize = 64 + (padded(channels, 4) << 5);
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
    memory.fill(biasSums, 0, biasRows << 3);
    if (queryCount > 0 && keyCount > 0) {
      layOutQueries(q + offset, y + offset, dy + offset, rowBytes, queryList, queryCount, channels, scale * log2e);
      noteLogSums(logSumExp, heads, head, queryList, queryCount);
      layOutFours(k + offset, rowBytes, keyList, keyCount, channels, keyFours);
      layOutChannels(k + offset, rowBytes, keyList, keyCount, channels, 4, keyChannels);
      layOutFours(v + offset, rowBytes, keyList, keyCount, channels, valueFours);
    }
    memory.fill(states, 0, (padded(queryCount, 8) >> 3) * stateBytes);
    const stride = padded(queryCount, 8) << 4;
    for (let key: usize = 0; key < keyCount; key += chunkKeys) {
      const chunk = min(keyCount - key, chunkKeys);
      for (let query: usize = 0; query < queryCount; query += 8) {
        const list = queryList + (query << 2);
        const count = min(queryCount - query, 8);
        if (bias == 0) memory.fill(scores, 0, padded(chunk, 4) << 5);
        else fillBias(bias, coordinates, axes, bound, heads, head, list, count, keyList + (key << 2), chunk, scores);
        memory.fill(products, 0, padded(chunk, 4) << 5);
        const keyOffset = key * (channels << 2);
        addScores(queryPanels + query * (channels << 2), keyFours + keyOffset, chunk, channels, scores);
        addScores(dyPanels + query * (channels << 2), valueFours + keyOffset, chunk, channels, products);
        takeScores(query, queryCount, chunk, stride);
        if (bias != 0) addBias(coordinates, axes, bound, list, count, keyList + (key << 2), chunk);
        const state = states + (query >> 3) * stateBytes;
        addToQueries(state + 64, state + stateBytes, keyChannels + (key << 4), keyCount << 4, chunk);
      }
      for (let each: usize = 0; each < chunk; each += 4) {
        const to = (firstKey + key + each) * rowBytes + offset;
        const columns = (each >> 2) * stride;
        const count = min(chunk - each, 4);
        writeKeys(scoresOfKeys + columns, queryChannels, queryCount, channels, dk + to, rowBytes, count, scale);
        writeKeys(powersOfKeys + columns, dyChannels, queryCount, channels, dv + to, rowBytes, count, 1);
      }
    }
    for (let query: usize = 0; query < queryCount; query += 8) {
      const state = states + (query >> 3) * stateBytes;
      scalePanel(state + 64, padded(channels, 4), scale);
      writePanel(state, channels, dq + offset, rowBytes, queryList + (query << 2), min(queryCount - query, 8), rows);
    }
    for (let row: usize = 0; row < biasRows; row++) {
      store<f32>(dbias + (((set * biasRows + row) * heads + head) << 2), load<f64>(biasSums + (row << 3)) as f32);
    }
  }
}

function layOutQueries(
  q: usize,
  y: usize,
  dy: usize,
  rowBytes: usize,
  list: usize,
  count: usize,
  channels: usize,
  factor: f32,
): void {
  for (let query: usize = 0; query < count; query += 8) {
    const panel = query * (channels << 2);
    const part = min(count - query, 8);
    layOutPanel(q, rowBytes, list + (query << 2), part, channels, queryPanels + panel);
    scalePanel(queryPanels + panel, channels, factor);
    layOutPanel(dy, rowBytes, list + (query << 2), part, channels, dyPanels + panel);
  }
  layOutChannels(q, rowBytes, list, count, channels, 8, queryChannels);
  layOutChannels(dy, rowBytes, list, count, channels, 8, dyChannels);
  const products = sums + (padded(count, 8) << 2);
  memory.fill(products, 0, padded(count, 8) << 2);
  for (let query: usize = 0; query < count; query++) {
    const row = (load<u32>(list + (query << 2)) as usize) * rowBytes;
    let sum: f32 = 0;
    for (let byte: usize = 0; byte < channels << 2; byte += 4) sum += load<f32>(dy + row + byte) * load<f32>(y + row + byte);
    store<f32>(products + (query << 2), sum);
  }
}

/** Queries that pad the last panel get Infinity: no power. */
function noteLogSums(logSumExp: usize, heads: usize, head: usize, list: usize, count: usize): void {
  for (let query: usize = 0; query < padded(count, 8); query++) {
    let sum: f32 = Infinity;
    if (query < count) {
      const site = load<u32>(list + (query << 2)) as usize;
      sum = load<f32>(logSumExp + ((site * heads + head) << 2)) * log2e;
    }
    store<f32>(sums + (query << 2), sum);
  }
}

/**
 * Makes powers of the scores and, of powers and products, the gradients of the scores, which take the place of the scores;
 * both are also noted key by key.
 *
 * @param stride bytes between blocks of four keys
 */
function takeScores(query: usize, queryCount: usize, chunk: usize, stride: usize): void {
  const logs = sums + (query << 2);
  const dots = logs + (padded(queryCount, 8) << 2);
  const log0 = v128.load(logs), log1 = v128.load(logs, 16);
  const dot0 = v128.load(dots), dot1 = v128.load(dots, 16);
  const difference = products - scores;
  for (let score = scores, end = scores + (padded(chunk, 4) << 5); score < end; score += 32) {
    const product = score + difference;
    const power0 = exp2x4(f32x4.sub(v128.load(score), log0));
    const power1 = exp2x4(f32x4.sub(v128.load(score, 16), log1));
    v128.store(score, f32x4.mul(power0, f32x4.sub(v128.load(product), dot0)));
    v128.store(score, f32x4.mul(power1, f32x4.sub(v128.load(product, 16), dot1)), 16);
    v128.store(product, power0);
    v128.store(product, power1, 16);
  }
  for (let key: usize = 0; key < chunk; key += 4) {
    const to = (key >> 2) * stride + (query << 4);
    turn(scores + (key << 5), scoresOfKeys + to);
    turn(products + (key << 5), powersOfKeys + to);
  }
}

/** Four keys of eight queries to eight queries of four keys. */
function turn(from: usize, to: usize): void {
  for (let half: usize = 0; half < 32; half += 16) {
    const at = from + half;
    storeTransposed(v128.load(at), v128.load(at, 32), v128.load(at, 64), v128.load(at, 96), to + (half << 2), 16);
  }
}

/** dq of a panel, channel by channel. */
function addToQueries(outputs: usize, end: usize, keys: usize, blockBytes: usize, chunk: usize): void {
  for (let row0 = outputs; row0 < end; row0 += 128, keys += blockBytes) {
    const row1 = row0 + 32, row2 = row0 + 64, row3 = row0 + 96;
    addRowBlock(row0, row1, row2, row3, row0, row1, row2, row3, keys, keys + (chunk << 4), scores);
  }
}

/**
 * Up to four rows: the sum over all queries of what a key has of it times the query's channels.
 *
 * @param columns f32[queries, 4]  @param panels f32[channels / 8, queries, 8]
 */
function writeKeys(
  columns: usize,
  panels: usize,
  queryCount: usize,
  channels: usize,
  to: usize,
  rowBytes: usize,
  count: usize,
  factor: f32,
): void {
  const columnsEnd = columns + (queryCount << 4);
  const row1 = rows + 32, row2 = rows + 64, row3 = rows + 96; // channels padded to 4 are at least 4: 128 bytes
  for (let channel: usize = 0; channel < channels; channel += 8, panels += queryCount * panelBytes) {
    memory.fill(rows, 0, 128);
    addRowBlock(rows, row1, row2, row3, rows, row1, row2, row3, columns, columnsEnd, panels);
    scalePanel(rows, 4, factor);
    const bytes = min(channels - channel, 8) << 2;
    for (let row: usize = 0; row < count; row++) memory.copy(to + row * rowBytes + (channel << 2), rows + (row << 5), bytes);
  }
}

function addBias(coordinates: usize, axes: usize, bound: i32, list: usize, count: usize, keyList: usize, chunk: usize): void {
  for (let key: usize = 0; key < chunk; key++) {
    const ofKey = placeOf(coordinates, axes, keyList + (key << 2));
    for (let query: usize = 0; query < count; query++) {
      const ofQuery = placeOf(coordinates, axes, list + (query << 2));
      const gradient = load<f32>(scores + (key << 5) + (query << 2)) as f64;
      for (let axis: usize = 0; axis < axes; axis++) {
        const sum = biasSums + (biasRow(ofQuery, ofKey, axis, bound) << 3);
        store<f64>(sum, load<f64>(sum) + gradient);
      }
    }
  }
}
