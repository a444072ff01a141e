import { addRowBlock, panelBytes } from '@tfjs-sparse/core/src/assembly/row-block.as';
import { attendHead, attendHeadScratch, useBias } from '../attention/attend-head.as';
import { layOutFours } from '../attention/lay-out.as';
import { padded } from '../attention/padded.as';
import { pointRopeRows } from '../point-rope/point-rope.as';

// A set at a time: its rows are gathered, projected, attended and projected again in memory that stays in the cache. Rows of
// the scratch are padded to panels of eight channels.

/** Bytes of packPanels. */
export function panelsBytes(inner: usize, columns: usize): usize {
  return padded(columns, 8) * (inner << 2);
}

/**
 * Columns of a matrix in panels of eight, the last one padded with 0.
 *
 * @param matrix f32[inner, width]  @param to f32[ceil(columns / 8), inner, 8]
 */
export function packPanels(matrix: usize, width: usize, first: usize, inner: usize, columns: usize, to: usize): void {
  memory.fill(to, 0, panelsBytes(inner, columns));
  for (let column: usize = 0; column < columns; column++) {
    let at = to + (column >> 3) * inner * panelBytes + ((column & 7) << 2);
    for (let row: usize = 0; row < inner; row++, at += panelBytes) {
      store<f32>(at, load<f32>(matrix + ((row * width + first + column) << 2)));
    }
  }
}

/** Bytes that a thread of setAttention needs where no set has more rows. */
export function setAttentionScratch(mostRows: usize, channels: usize, heads: usize): usize {
  const rows = padded(mostRows, 4);
  const projected = 3 * rows * (padded(channels, 8) << 2);
  const columns = 2 * rows * (channels << 2);
  const biases = 4 * (padded(channels, 8) << 2);
  return padded(projected + columns + biases + (mostRows << 2) + attendHeadScratch(mostRows, channels / heads) + 128, 64);
}

/**
 * Multi-head attention of the sites of each set to its keys.
 *
 * @param first @param end sets  @param thread whose scratch to use
 * @param x f32[sites, channels]  @param position f32[sites, channels], or 0: added to x for queries and keys
 * @param qkv three packPanels of [channels, channels]  @param qkvBias f32[3 * channels], or 0
 * @param output packPanels of [channels, channels]  @param outputBias f32[channels], or 0
 * @param turns f32[sites, channels / heads] of pointRope, or 0  @param ropeAxes of it
 * @param bias f32[axes * (2 * bound + 1), heads], or 0  @param coordinates i32[sites, axes], read where there is a bias
 * @param queryStarts u32[sets + 1]  @param queries u32[]  @param keyStarts u32[sets + 1]  @param keys u32[]
 * @param y f32[sites, channels], rows of queries are written  @param scratch setAttentionScratch bytes for each thread
 */
export function setAttention(
  first: usize,
  end: usize,
  thread: usize,
  x: usize,
  position: usize,
  qkv: usize,
  qkvBias: usize,
  output: usize,
  outputBias: usize,
  turns: usize,
  ropeAxes: usize,
  bias: usize,
  coordinates: usize,
  axes: usize,
  bound: i32,
  queryStarts: usize,
  queries: usize,
  keyStarts: usize,
  keys: usize,
  y: usize,
  scratch: usize,
  mostRows: usize,
  heads: usize,
  channels: usize,
  scale: f32,
): void {
  const rowBytes = channels << 2;
  const paddedBytes = padded(channels, 8) << 2;
  const rows = padded(mostRows, 4);
  const q = (scratch + thread * setAttentionScratch(mostRows, channels, heads) + 63) & ~63;
  const k = q + rows * paddedBytes;
  const v = k + rows * paddedBytes;
  const columns = v + rows * paddedBytes;
  const placed = columns + rows * rowBytes;
  const biases = placed + rows * rowBytes;
  const places = biases + 4 * paddedBytes;
  const rest = places + (mostRows << 2);
  const matrixBytes = panelsBytes(channels, channels);
  layOutBiases(qkvBias, outputBias, channels, biases);
  for (let row: usize = 0; row < mostRows; row++) store<u32>(places + (row << 2), row as u32);
  useBias(bias, coordinates, axes, bound, heads);
  for (let set = first; set < end; set++) {
    const firstQuery = load<u32>(queryStarts + (set << 2)) as usize, firstKey = load<u32>(keyStarts + (set << 2)) as usize;
    const queryCount = load<u32>(queryStarts + (set << 2), 4) as usize - firstQuery;
    const keyCount = load<u32>(keyStarts + (set << 2), 4) as usize - firstKey;
    if (queryCount == 0) continue;
    const queryList = queries + (firstQuery << 2), keyList = keys + (firstKey << 2);
    let from = layOut(x, position, rowBytes, queryList, queryCount, channels, columns, placed);
    project(from, queryCount, channels, qkv, biases, q, paddedBytes);
    if (keyCount > 0) {
      from = layOut(x, position, rowBytes, keyList, keyCount, channels, columns, placed);
      project(from, keyCount, channels, qkv + matrixBytes, biases + paddedBytes, k, paddedBytes);
      project(columns, keyCount, channels, qkv + 2 * matrixBytes, biases + 2 * paddedBytes, v, paddedBytes);
    }
    if (turns != 0) {
      pointRopeRows(q, paddedBytes, turns, queryList, queryCount, heads, ropeAxes, channels / heads);
      pointRopeRows(k, paddedBytes, turns, keyList, keyCount, heads, ropeAxes, channels / heads);
    }
    for (let head: usize = 0; head < heads; head++) {
      const offset = head * (rowBytes / heads);
      attendHead(
        q + offset,
        k + offset,
        v + offset,
        q + offset,
        paddedBytes,
        places,
        queryCount,
        places,
        keyCount,
        queryList,
        keyList,
        channels / heads,
        heads,
        head,
        scale,
        0,
        rest,
      );
    }
    layOutFours(q, paddedBytes, places, queryCount, channels, columns);
    project(columns, queryCount, channels, output, biases + 3 * paddedBytes, k, paddedBytes);
    for (let query: usize = 0; query < queryCount; query++) {
      const site = load<u32>(queryList + (query << 2)) as usize;
      memory.copy(y + site * rowBytes, k + query * paddedBytes, rowBytes);
    }
  }
}

function layOutBiases(qkvBias: usize, outputBias: usize, channels: usize, biases: usize): void {
  const paddedBytes = padded(channels, 8) << 2;
  memory.fill(biases, 0, 4 * paddedBytes);
  for (let part: usize = 0; part < 3 && qkvBias != 0; part++) {
    memory.copy(biases + part * paddedBytes, qkvBias + part * (channels << 2), channels << 2);
  }
  if (outputBias != 0) memory.copy(biases + 3 * paddedBytes, outputBias, channels << 2);
}

/**
 * Lays rows of x out in fours.
 *
 * @param columns gets them, f32[ceil(count / 4), channels, 4]  @param placed gets them plus position, where there is one
 * @returns what queries and keys are projected from
 */
function layOut(
  x: usize,
  position: usize,
  rowBytes: usize,
  list: usize,
  count: usize,
  channels: usize,
  columns: usize,
  placed: usize,
): usize {
  layOutFours(x, rowBytes, list, count, channels, columns);
  if (position == 0) return columns;
  layOutFours(position, rowBytes, list, count, channels, placed);
  const end = placed + padded(count, 4) * rowBytes;
  for (let to = placed, from = columns; to < end; to += 16, from += 16) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
  }
  return placed;
}

/**
 * Rows times a matrix, plus a bias.
 *
 * @param columns f32[ceil(count / 4), channels, 4]  @param panels of packPanels  @param biases f32[channels padded to 8]
 * @param to f32[count padded to 4, toBytes / 4]
 */
function project(
  columns: usize,
  count: usize,
  channels: usize,
  panels: usize,
  biases: usize,
  to: usize,
  toBytes: usize,
): void {
  const blockBytes = channels << 4;
  const columnsEnd = columns + (padded(count, 4) >> 2) * blockBytes;
  // The panel stays in the nearest cache while the rows pass by.
  for (let byte: usize = 0; byte < toBytes; byte += panelBytes, panels += channels * panelBytes) {
    const bias = biases + byte;
    let row0 = to + byte;
    for (let block = columns; block < columnsEnd; block += blockBytes) {
      const row1 = row0 + toBytes, row2 = row1 + toBytes, row3 = row2 + toBytes;
      addRowBlock(bias, bias, bias, bias, row0, row1, row2, row3, block, block + blockBytes, panels);
      row0 = row3 + toBytes;
    }
  }
}
