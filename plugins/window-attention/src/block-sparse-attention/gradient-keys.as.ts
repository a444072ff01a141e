import { addRowBlock } from '@tfjs-sparse/core/src/assembly/row-block.as';
import { chunkKeys } from '../attention/attend-panel.as';
import { scalePanel } from '../attention/lay-out.as';
import { padded } from '../attention/padded.as';
import { turnPanel } from '../attention/score-gradients.as';
import { excessOf, layRowsInChannels } from '../attention/sequence-rows.as';

// The gradients of k and v: what the keys of a chunk get of a group of queries is one product over the panels that see them.

/** Queries of a group. */
export const groupQueries: usize = 64;
const columnBytes: usize = groupQueries << 4;

// Where the parts of a thread's scratch begin; it serves the keys of one head and one group of queries at a time.
let keySums: usize = 0; // f32[keys padded to 4, channels padded to 8]
let valueSums: usize = 0; // f32[keys padded to 4, valueChannels padded to 8]
let queryChannels: usize = 0; // f32[channels / 8, groupQueries, 8]
let dyChannels: usize = 0; // f32[valueChannels / 8, groupQueries, 8]
let powersOfKeys: usize = 0; // f32[chunk / 4, groupQueries, 4]
let scoresOfKeys: usize = 0; // f32[chunk / 4, groupQueries, 4]: gradients of the scores
let seen: usize = 0; // u32[chunk / 4, 2]: the panels, from and to, that see a four of keys
let areQueriesFinite: bool = true;

/** @returns where the scratch ends that begins at `start` */
export function divideKeySums(start: usize, keys: usize, channels: usize, valueChannels: usize): usize {
  keySums = padded(start, 64);
  valueSums = keySums + (padded(keys, 4) << 2) * padded(channels, 8);
  queryChannels = valueSums + (padded(keys, 4) << 2) * padded(valueChannels, 8);
  dyChannels = queryChannels + (groupQueries << 2) * padded(channels, 8);
  powersOfKeys = dyChannels + (groupQueries << 2) * padded(valueChannels, 8);
  scoresOfKeys = powersOfKeys + (chunkKeys >> 2) * columnBytes;
  seen = scoresOfKeys + (chunkKeys >> 2) * columnBytes;
  return seen + (chunkKeys << 1);
}

export function clearKeySums(keys: usize, channels: usize, valueChannels: usize): void {
  memory.fill(keySums, 0, (padded(keys, 4) << 2) * padded(channels, 8));
  memory.fill(valueSums, 0, (padded(keys, 4) << 2) * padded(valueChannels, 8));
}

/** @param q f32[count, channels], count <= groupQueries  @param dy f32[count, valueChannels] */
export function layOutGroup(q: usize, dy: usize, count: usize, channels: usize, valueChannels: usize): void {
  layRowsInChannels(q, count, groupQueries, channels, 8, queryChannels);
  layRowsInChannels(dy, count, groupQueries, valueChannels, 8, dyChannels);
  areQueriesFinite = excessOf(q, count * channels) + excessOf(dy, count * valueChannels) == 0;
}

/** No query of the group has seen one of so many fours of keys yet. */
export function clearChunk(fours: usize, queries: usize): void {
  for (let four: usize = 0; four < fours; four++) {
    memory.fill(powersOfKeys + four * columnBytes, 0, padded(queries, 8) << 4);
    memory.fill(scoresOfKeys + four * columnBytes, 0, padded(queries, 8) << 4);
    store<u32>(seen + (four << 3), groupQueries as u32);
    store<u32>(seen + (four << 3), 0, 4);
  }
}

/**
 * Notes what a panel has of keys of the chunk.
 *
 * @param first @param end fours of keys, from the chunk's first on
 * @param scores f32[4 * (end - first), 8]: gradients of the scores  @param powers like scores
 */
export function noteKeys(panel: usize, first: usize, end: usize, scores: usize, powers: usize): void {
  const at = first * columnBytes + (panel << 7);
  turnPanel(scores, (end - first) << 2, scoresOfKeys + at, columnBytes);
  turnPanel(powers, (end - first) << 2, powersOfKeys + at, columnBytes);
  for (let range = seen + (first << 3); range < seen + (end << 3); range += 8) {
    store<u32>(range, min(load<u32>(range), panel as u32));
    store<u32>(range, (panel + 1) as u32, 4);
  }
}

/** Adds what is noted of a chunk, which begins with a four of keys, to the sums of its keys. */
export function addToKeys(firstFour: usize, fours: usize, channels: usize, valueChannels: usize): void {
  for (let four: usize = 0; four < fours; four++) {
    const firstPanel = load<u32>(seen + (four << 3)) as usize, endPanel = load<u32>(seen + (four << 3), 4) as usize;
    if (firstPanel >= endPanel) continue;
    const at = four * columnBytes + (firstPanel << 7);
    const length = (endPanel - firstPanel) << 7;
    addProduct(scoresOfKeys + at, length, queryChannels + (firstPanel << 8), channels, keySums, firstFour + four);
    addProduct(powersOfKeys + at, length, dyChannels + (firstPanel << 8), valueChannels, valueSums, firstFour + four);
  }
}

/** Four rows of sums += columns * panels; a factor of 0 may belong to a query that does not see the key. */
function addProduct(columns: usize, length: usize, panels: usize, width: usize, sums: usize, four: usize): void {
  const rowBytes = padded(width, 8) << 2;
  const row0 = sums + four * (rowBytes << 2);
  for (let byte: usize = 0; byte < rowBytes; byte += 32, panels += groupQueries << 5) {
    const to0 = row0 + byte, to1 = to0 + rowBytes, to2 = to1 + rowBytes, to3 = to2 + rowBytes;
    if (areQueriesFinite) addRowBlock(to0, to1, to2, to3, to0, to1, to2, to3, columns, columns + length, panels);
    else addSeenRows(to0, rowBytes, columns, columns + length, panels);
  }
}

/**
 * Eight channels of four rows += factors times queries, without those of factor 0: 0 times Infinity is NaN.
 *
 * @param row f32[8], of the first of the rows  @param columns f32[queries, 4]: factors  @param queries f32[queries, 8]
 */
function addSeenRows(row: usize, rowBytes: usize, columns: usize, columnsEnd: usize, queries: usize): void {
  for (; columns < columnsEnd; columns += 16, queries += 32) {
    for (let key: usize = 0; key < 4; key++) {
      const factor = load<f32>(columns + (key << 2));
      if (factor == 0) continue;
      const to = row + key * rowBytes;
      for (let channel: usize = 0; channel < 32; channel += 4) {
        store<f32>(to + channel, load<f32>(to + channel) + factor * load<f32>(queries + channel));
      }
    }
  }
}

/** @param dk f32[keys, channels]  @param dv f32[keys, valueChannels] */
export function writeKeyGradients(dk: usize, dv: usize, keys: usize, channels: usize, valueChannels: usize, scale: f32): void {
  copyRows(keySums, keys, channels, scale, dk);
  copyRows(valueSums, keys, valueChannels, 1, dv);
}

/** Rows without what they are padded with, times a factor. */
function copyRows(rows: usize, count: usize, channels: usize, factor: f32, to: usize): void {
  const rowBytes = padded(channels, 8) << 2;
  scalePanel(rows, (count * rowBytes) >> 5, factor);
  for (let row: usize = 0; row < count; row++) memory.copy(to + row * (channels << 2), rows + row * rowBytes, channels << 2);
}
