import { fillBias } from '../set-dot-product-attention/relative-bias.as';
import {
  addScores,
  chunkKeys,
  clearScores,
  clearState,
  finishPanel,
  scoresBytes,
  stateBytes,
  takeChunk,
  writePanel,
  writeScores,
  zerosOf,
} from './attend-panel.as';
import { layOutChannels, layOutFours, layOutPanel, scalePanel } from './lay-out.as';

// The bias by relative position of the head at work; 0 for none.
let biasTable: usize = 0; // f32[axes * (2 * bound + 1), heads]
let biasCoordinates: usize = 0; // i32[sites, axes]
let biasAxes: usize = 0;
let biasBound: i32 = 0;
let biasHeads: usize = 0;

export function useBias(table: usize, coordinates: usize, axes: usize, bound: i32, heads: usize): void {
  biasTable = table;
  biasCoordinates = coordinates;
  biasAxes = axes;
  biasBound = bound;
  biasHeads = heads;
}

/** Bytes that attendHead needs. */
export function attendHeadScratch(mostKeys: usize, channels: usize): usize {
  const padded = (channels + 3) & ~3;
  const keys = ((mostKeys + 3) & ~3) * (channels << 2);
  return keys + padded * (mostKeys << 2) + (channels << 5) + scoresBytes + stateBytes(channels) + (padded << 5) + 64;
}

/**
 * Attention of queries to keys in one head. The outputs may take the places of the queries.
 *
 * @param q f32, the head's first channel of row 0  @param k @param v @param y like q
 * @param queryRows u32[queryCount]: rows of q and y  @param keyRows u32[keyCount]: rows of k and v
 * @param querySites u32[queryCount]  @param keySites u32[keyCount]: whose coordinates a bias is by
 * @param logSumExp f32[rows of q, heads], or 0  @param scratch attendHeadScratch bytes
 */
export function attendHead(
  q: usize,
  k: usize,
  v: usize,
  y: usize,
  rowBytes: usize,
  queryRows: usize,
  queryCount: usize,
  keyRows: usize,
  keyCount: usize,
  querySites: usize,
  keySites: usize,
  channels: usize,
  heads: usize,
  head: usize,
  scale: f32,
  logSumExp: usize,
  scratch: usize,
): void {
  const padded = (channels + 3) & ~3;
  const keyColumns = (scratch + 63) & ~63;
  const valueBlocks = keyColumns + ((keyCount + 3) & ~3) * (channels << 2);
  const panel = valueBlocks + padded * (keyCount << 2);
  const scores = panel + (channels << 5);
  const state = scores + scoresBytes;
  const rows = state + stateBytes(channels);
  clearScores(scores);
  if (keyCount > 0) {
    layOutFours(k, rowBytes, keyRows, keyCount, channels, keyColumns);
    layOutChannels(v, rowBytes, keyRows, keyCount, channels, 4, valueBlocks);
  }
  for (let query: usize = 0; query < queryCount; query += 8) {
    const list = queryRows + (query << 2);
    const count = min(queryCount - query, 8);
    layOutPanel(q, rowBytes, list, count, channels, panel);
    scalePanel(panel, channels, scale * 1.4426950408889634); // 1 / ln 2
    clearState(state, channels);
    for (let key: usize = 0; key < keyCount; key += chunkKeys) {
      const chunk = min(keyCount - key, chunkKeys);
      const columns = keyColumns + key * (channels << 2);
      if (biasTable == 0) writeScores(panel, columns, chunk, channels, scores, zerosOf(scores));
      else {
        addBias(querySites + (query << 2), count, keySites + (key << 2), chunk, head, scores);
        addScores(panel, columns, chunk, channels, scores);
      }
      takeChunk(scores, chunk, valueBlocks + (key << 4), keyCount << 4, channels, state);
    }
    finishPanel(state, channels);
    writePanel(state, channels, y, rowBytes, list, count, rows);
    if (logSumExp == 0) continue;
    for (let i: usize = 0; i < count; i++) {
      const row = load<u32>(list + (i << 2)) as usize;
      store<f32>(logSumExp + ((row * heads + head) << 2), load<f32>(state + (i << 2)));
    }
  }
}

function addBias(queries: usize, queryCount: usize, keys: usize, keyCount: usize, head: usize, scores: usize): void {
  fillBias(biasTable, biasCoordinates, biasAxes, biasBound, biasHeads, head, queries, queryCount, keys, keyCount, scores);
}
