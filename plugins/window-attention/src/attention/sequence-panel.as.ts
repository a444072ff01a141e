import { addRowBlock } from '@tfjs-sparse/core/src/assembly/row-block.as';
import {
  chunkKeys,
  clearScores,
  clearState,
  finishPanel,
  keepRows,
  scoresBytes,
  stateBytes,
  takePowers,
  writePanel,
  writeScores,
  zerosOf,
} from './attend-panel.as';
import { layOutPanel, scalePanel } from './lay-out.as';
import { addVisibleRows, hide } from './visible-keys.as';

// A panel of eight queries of a sequence and the segments of keys that they see (attention-plan.ts).

const chunkFours: usize = chunkKeys >> 2;

// Where the parts of a thread's scratch begin; it serves one panel at a time.
let panel: usize = 0; // f32[channels, 8], times scale / ln 2
let scores: usize = 0; // scoresBytes
let state: usize = 0; // stateBytes
let rows: usize = 0; // f32[8, valueChannels padded to 4]
let list: usize = 0; // u32[8]: 0 to 7
let pieces: usize = 0; // u32[chunkFours, 4]: first four, number of fours, where their bits are or 0

/** Bytes that a thread needs. */
export function sequencePanelScratch(channels: usize, valueChannels: usize): usize {
  const rowBytes = ((valueChannels + 3) & ~3) << 5;
  return (channels << 5) + scoresBytes + stateBytes(valueChannels) + rowBytes + 32 + (chunkFours << 4) + 64;
}

export function divideSequencePanel(start: usize, channels: usize, valueChannels: usize): void {
  panel = (start + 63) & ~63;
  scores = panel + (channels << 5);
  state = scores + scoresBytes;
  rows = state + stateBytes(valueChannels);
  list = rows + (((valueChannels + 3) & ~3) << 5);
  pieces = list + 32;
  clearScores(scores);
  for (let i: usize = 0; i < 8; i++) store<u32>(list + (i << 2), i as u32);
}

/** @param q f32[count, channels], count <= 8 */
export function layOutQueries(q: usize, count: usize, channels: usize, scale: f32): void {
  layOutPanel(q, channels << 2, list, count, channels, panel);
  scalePanel(panel, channels, scale * 1.4426950408889634); // 1 / ln 2
}

/** @param y f32[count, valueChannels]  @param logSumExp f32[count] */
export function writeOutputs(y: usize, logSumExp: usize, count: usize, valueChannels: usize): void {
  finishPanel(state, valueChannels);
  writePanel(state, valueChannels, y, valueChannels << 2, list, count, rows);
  memory.copy(logSumExp, state, count << 2);
}

/**
 * Takes the keys of segments into the state of the panel, in chunks that are put together of pieces of segments.
 *
 * @param segment @param segmentsEnd i32[.., 3]: first four, number of fours, first word of their bits or -1  @param bits u32[]
 * @param fours f32[keys / 4, channels, 4]  @param blocks f32[valueChannels / 4, keyCount padded to 4, 4]
 * @param areFinite whether all values are
 */
export function attendSegments(
  segment: usize,
  segmentsEnd: usize,
  bits: usize,
  fours: usize,
  blocks: usize,
  keyCount: usize,
  areFinite: bool,
  channels: usize,
  valueChannels: usize,
): void {
  clearState(state, valueChannels);
  let filled: usize = 0;
  let piece = pieces;
  for (; segment < segmentsEnd; segment += 12) {
    let four = load<u32>(segment) as usize;
    const end = four + (load<u32>(segment, 4) as usize);
    const word = load<i32>(segment, 8);
    let bytes: usize = word < 0 ? 0 : bits + ((word as usize) << 2);
    while (four < end) {
      const taken = min(end - four, chunkFours - filled);
      const to = scores + (filled << 7);
      writeScores(panel, fours + four * (channels << 4), taken << 2, channels, to, zerosOf(scores));
      if (bytes != 0) hide(bytes, taken << 2, to, -Infinity);
      store<u32>(piece, four as u32);
      store<u32>(piece, taken as u32, 4);
      store<u32>(piece, bytes as u32, 8);
      piece += 16;
      filled += taken;
      four += taken;
      if (bytes != 0) bytes += taken << 2;
      if (filled < chunkFours) continue;
      takePieces(piece, filled, blocks, keyCount, areFinite, valueChannels);
      filled = 0;
      piece = pieces;
    }
  }
  if (filled > 0) takePieces(piece, filled, blocks, keyCount, areFinite, valueChannels);
}

function takePieces(
  piecesEnd: usize,
  filled: usize,
  blocks: usize,
  keyCount: usize,
  areFinite: bool,
  channels: usize,
): void {
  takePowers(scores, filled << 2, state);
  const blockBytes = ((keyCount + 3) & ~3) << 4;
  const outputsEnd = state + stateBytes(channels);
  for (let row0 = state + 64, values = blocks; row0 < outputsEnd; row0 += 128, values += blockBytes) {
    const row1 = row0 + 32, row2 = row0 + 64, row3 = row0 + 96;
    keepRows(row0, scores);
    let powers = scores;
    for (let piece = pieces; piece < piecesEnd; piece += 16) {
      const from = values + (load<u32>(piece) << 6), taken = load<u32>(piece, 4) as usize;
      const isSafe = areFinite || load<u32>(piece, 8) == 0;
      if (isSafe) addRowBlock(row0, row1, row2, row3, row0, row1, row2, row3, from, from + (taken << 6), powers);
      powers += taken << 7;
    }
  }
  if (areFinite) return;
  let powers = scores;
  for (let piece = pieces; piece < piecesEnd; piece += 16) {
    const from = blocks + (load<u32>(piece) << 6), taken = load<u32>(piece, 4) as usize, bytes = load<u32>(piece, 8) as usize;
    if (bytes != 0) addVisibleRows(bytes, taken << 2, powers, from, blockBytes, channels, state + 64);
    powers += taken << 7;
  }
}
