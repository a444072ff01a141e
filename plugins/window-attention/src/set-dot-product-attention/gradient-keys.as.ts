import { addRowBlock, panelBytes } from '@tfjs-sparse/core/src/assembly/row-block.as';
import { chunkKeys } from '../attention/attend-panel.as';
import { layOutChannels, scalePanel } from '../attention/lay-out.as';
import { padded } from '../attention/padded.as';
import { turnPanel } from '../attention/score-gradients.as';

// The gradients of k and v: sums over all queries of a set, for a chunk of its keys at a time.

// Where the parts of a thread's scratch begin; it serves one set and head at a time.
let queryChannels: usize = 0; // f32[channels / 8, queries, 8]
let dyChannels: usize = 0; // f32[channels / 8, queries, 8]
let powersOfKeys: usize = 0; // f32[chunk / 4, queries padded to 8, 4]
let scoresOfKeys: usize = 0; // f32[chunk / 4, queries padded to 8, 4]: gradients of the scores
let rows: usize = 0; // f32[4, 8]

/** @param queries a multiple of 8  @returns where the scratch ends that begins at `start` */
export function divideSetKeyGradients(start: usize, queries: usize, channels: usize): usize {
  queryChannels = padded(start, 64);
  dyChannels = queryChannels + queries * (padded(channels, 8) << 2);
  powersOfKeys = dyChannels + queries * (padded(channels, 8) << 2);
  scoresOfKeys = powersOfKeys + queries * (chunkKeys << 2);
  rows = scoresOfKeys + queries * (chunkKeys << 2);
  return rows + 128;
}

/** @param q f32, the head's first channel of row 0  @param dy like q  @param list u32[queryCount]: rows */
export function layOutForKeys(q: usize, dy: usize, rowBytes: usize, list: usize, queryCount: usize, channels: usize): void {
  layOutChannels(q, rowBytes, list, queryCount, channels, 8, queryChannels);
  layOutChannels(dy, rowBytes, list, queryCount, channels, 8, dyChannels);
}

/** Notes powers and gradients of scores, f32[chunk padded to 4, 8], of a panel that begins with `query`. */
export function noteForKeys(query: usize, queryCount: usize, chunk: usize, scores: usize, powers: usize): void {
  const blockBytes = padded(queryCount, 8) << 4;
  turnPanel(scores, chunk, scoresOfKeys + (query << 4), blockBytes);
  turnPanel(powers, chunk, powersOfKeys + (query << 4), blockBytes);
}

/** @param dk f32[chunk, rowBytes], the head's first channel  @param dv like dk */
export function writeSetKeyGradients(
  dk: usize,
  dv: usize,
  rowBytes: usize,
  chunk: usize,
  queryCount: usize,
  channels: usize,
  scale: f32,
): void {
  const blockBytes = padded(queryCount, 8) << 4;
  for (let key: usize = 0; key < chunk; key += 4) {
    const columns = (key >> 2) * blockBytes, to = key * rowBytes;
    const count = min(chunk - key, 4);
    writeFour(scoresOfKeys + columns, queryChannels, queryCount, channels, dk + to, rowBytes, count, scale);
    writeFour(powersOfKeys + columns, dyChannels, queryCount, channels, dv + to, rowBytes, count, 1);
  }
}

/**
 * Up to four rows: the sum over all queries of what a key has of it times the query's channels.
 *
 * @param columns f32[queries, 4]  @param panels f32[channels / 8, queries, 8]
 */
function writeFour(
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
  const row1 = rows + 32, row2 = rows + 64, row3 = rows + 96;
  for (let channel: usize = 0; channel < channels; channel += 8, panels += queryCount * panelBytes) {
    memory.fill(rows, 0, 128);
    addRowBlock(rows, row1, row2, row3, rows, row1, row2, row3, columns, columnsEnd, panels);
    scalePanel(rows, 4, factor);
    const bytes = min(channels - channel, 8) << 2;
    for (let row: usize = 0; row < count; row++) memory.copy(to + row * rowBytes + (channel << 2), rows + (row << 5), bytes);
  }
}
