import { addRowBlock } from '@tfjs-sparse/core/src/assembly/row-block.as';
import { stateBytes, writePanel } from './attend-panel.as';
import { scalePanel } from './lay-out.as';
import { padded } from './padded.as';
import { addVisibleRows } from './visible-keys.as';

// The gradient of q, in panels of eight queries.

// Where the parts of a thread's scratch begin; it serves some queries of one head at a time.
let states: usize = 0; // stateBytes for each panel, of which outputs are used: dq, as writePanel takes it
let rows: usize = 0; // f32[8, channels padded to 4]

/** @param queries a multiple of 8  @returns where the scratch ends that begins at `start` */
export function divideQueryGradients(start: usize, queries: usize, channels: usize): usize {
  states = padded(start, 64);
  rows = states + (queries >> 3) * stateBytes(channels);
  return rows + (padded(channels, 4) << 5);
}

export function clearQueryGradients(count: usize, channels: usize): void {
  memory.fill(states, 0, (padded(count, 8) >> 3) * stateBytes(channels));
}

/**
 * Adds the rows of keys times the gradients of their scores to a panel.
 *
 * @param scores f32[count, 8]: gradients  @param keys f32[ceil(channels / 4), .., 4]  @param blockBytes of 4 channels
 * @param bytes u8[count] where a row may only reach queries that see its key, or 0
 */
export function addToQueries(
  panel: usize,
  scores: usize,
  count: usize,
  keys: usize,
  blockBytes: usize,
  channels: usize,
  bytes: usize,
): void {
  const state = states + panel * stateBytes(channels);
  if (bytes != 0) {
    addVisibleRows(bytes, count, scores, keys, blockBytes, channels, state + 64);
    return;
  }
  for (let row0 = state + 64, end = state + stateBytes(channels); row0 < end; row0 += 128, keys += blockBytes) {
    const row1 = row0 + 32, row2 = row0 + 64, row3 = row0 + 96;
    addRowBlock(row0, row1, row2, row3, row0, row1, row2, row3, keys, keys + (count << 4), scores);
  }
}

/** @param dq f32, the head's first channel of row 0  @param list u32[count]: rows */
export function writeQueryGradients(dq: usize, rowBytes: usize, list: usize, count: usize, channels: usize, scale: f32): void {
  for (let query: usize = 0; query < count; query += 8) {
    const state = states + (query >> 3) * stateBytes(channels);
    scalePanel(state + 64, padded(channels, 4), scale);
    writePanel(state, channels, dq, rowBytes, list + (query << 2), min(count - query, 8), rows);
  }
}
