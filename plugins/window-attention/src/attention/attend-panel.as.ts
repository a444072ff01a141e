import { exp2x4 } from '@tfjs-sparse/core/src/assembly/exp2.as';
import { log2x4 } from '@tfjs-sparse/core/src/assembly/log2.as';
import { addRowBlock } from '@tfjs-sparse/core/src/assembly/row-block.as';
import { storeTransposed } from '@tfjs-sparse/core/src/assembly/simd.as';

// Attention with online softmax (Milakov and Gimelshein 2018; FlashAttention, Dao et al. 2022) of a panel of eight queries:
// keys are rows and queries columns, so that maxima, exponentials and sums are vector operations without a step across.
// Scores are powers of 2: the queries come multiplied by scale / ln 2.

/** Keys whose scores are in memory at a time; 4 kB. A multiple of 4. */
export const chunkKeys: usize = 128;

/** Bytes of the state of a panel: maxima f32[8], sums f32[8], outputs f32[channels padded to 4, 8]. */
// @ts-ignore: decorator of AssemblyScript
@inline
export function stateBytes(channels: usize): usize {
  return 64 + (((channels + 3) & ~3) << 5);
}

/** No key yet: maxima of -Infinity, all else 0. */
export function clearState(state: usize, channels: usize): void {
  memory.fill(state + 32, 0, stateBytes(channels) - 32);
  v128.store(state, f32x4.splat(-Infinity));
  v128.store(state, f32x4.splat(-Infinity), 16);
}

/**
 * scores += keys * queries for a chunk.
 *
 * @param queries f32[channels, 8]  @param keys f32[ceil(count / 4), channels, 4]
 * @param scores  f32[count padded to 4, 8]: what is added to, e.g. 0 or a bias
 */
export function addScores(queries: usize, keys: usize, count: usize, channels: usize, scores: usize): void {
  const blockBytes = channels << 4;
  for (let key: usize = 0; key < count; key += 4, keys += blockBytes, scores += 128) {
    const row1 = scores + 32, row2 = scores + 64, row3 = scores + 96;
    addRowBlock(scores, row1, row2, row3, scores, row1, row2, row3, keys, keys + blockBytes, queries);
  }
}

/** Bytes of the scores of a chunk, and behind them of the factors of what was there before it, and of zeros. */
export const scoresBytes: usize = (chunkKeys + 2) << 5;

/** Writes the zeros behind the scores, once for a scratch. */
export function clearScores(scores: usize): void {
  memory.fill(zerosOf(scores), 0, 32);
}

/**
 * addScores to 0, without a pass that writes it.
 *
 * @param zeros f32[8] of 0
 */
export function writeScores(queries: usize, keys: usize, count: usize, channels: usize, scores: usize, zeros: usize): void {
  const blockBytes = channels << 4;
  for (let key: usize = 0; key < count; key += 4, keys += blockBytes, scores += 128) {
    const row1 = scores + 32, row2 = scores + 64, row3 = scores + 96;
    addRowBlock(zeros, zeros, zeros, zeros, scores, row1, row2, row3, keys, keys + blockBytes, queries);
  }
}

/** Where the zeros are behind the scores of a chunk. */
// @ts-ignore: decorator of AssemblyScript
@inline
export function zerosOf(scores: usize): usize {
  return scores + ((chunkKeys + 1) << 5);
}

/**
 * Takes the scores of a chunk into the state of the panel. A score of -Infinity is a key that the query does not see.
 *
 * @param scores f32[count, 8], of scoresBytes; their powers come to stand in their place
 * @param values f32[ceil(channels / 4), rows, 4], from the row of the chunk's first key  @param blockBytes 16 * rows
 */
export function takeChunk(scores: usize, count: usize, values: usize, blockBytes: usize, channels: usize, state: usize): void {
  takePowers(scores, count, state);
  const outputsEnd = state + stateBytes(channels);
  for (let row0 = state + 64; row0 < outputsEnd; row0 += 128, values += blockBytes) {
    const row1 = row0 + 32, row2 = row0 + 64, row3 = row0 + 96;
    keepRows(row0, scores);
    addRowBlock(row0, row1, row2, row3, row0, row1, row2, row3, values, values + (count << 4), scores);
  }
}

/**
 * Makes powers of the scores of a chunk and takes them into the maxima and sums of the state. What the outputs so far are
 * to be multiplied with comes to stand behind the scores that a chunk can have.
 *
 * @param scores f32[count, 8], of scoresBytes
 */
export function takePowers(scores: usize, count: usize, state: usize): void {
  const end = scores + (count << 5);
  const before0 = v128.load(state), before1 = v128.load(state, 16);
  let most0 = before0, most1 = before1;
  for (let score = scores; score < end; score += 32) {
    most0 = f32x4.max(most0, v128.load(score));
    most1 = f32x4.max(most1, v128.load(score, 16));
  }
  v128.store(state, most0);
  v128.store(state, most1, 16);
  // Where all is -Infinity so far, the differences below shall be so, too.
  most0 = f32x4.max(most0, f32x4.splat(-f32.MAX_VALUE));
  most1 = f32x4.max(most1, f32x4.splat(-f32.MAX_VALUE));
  const kept0 = exp2x4(f32x4.sub(before0, most0)), kept1 = exp2x4(f32x4.sub(before1, most1));
  let sum0 = f32x4.mul(v128.load(state, 32), kept0), sum1 = f32x4.mul(v128.load(state, 48), kept1);
  for (let score = scores; score < end; score += 32) {
    const power0 = exp2x4(f32x4.sub(v128.load(score), most0));
    const power1 = exp2x4(f32x4.sub(v128.load(score, 16), most1));
    sum0 = f32x4.add(sum0, power0);
    sum1 = f32x4.add(sum1, power1);
    v128.store(score, power0);
    v128.store(score, power1, 16);
  }
  v128.store(state, sum0, 32);
  v128.store(state, sum1, 48);
  v128.store(scores + (chunkKeys << 5), kept0);
  v128.store(scores + (chunkKeys << 5), kept1, 16);
}

/** Multiplies outputs of four channels by the factors behind the scores. */
// @ts-ignore: decorator of AssemblyScript
@inline
export function keepRows(rows: usize, scores: usize): void {
  const kept0 = v128.load(scores + (chunkKeys << 5)), kept1 = v128.load(scores + (chunkKeys << 5), 16);
  for (let row = rows; row < rows + 128; row += 32) {
    v128.store(row, f32x4.mul(v128.load(row), kept0));
    v128.store(row, f32x4.mul(v128.load(row, 16), kept1), 16);
  }
}

/**
 * Divides the outputs by the sums; queries without a key get 0. The natural logarithms of the sums of all exponentials come
 * to stand in place of the maxima, -Infinity without a key.
 */
export function finishPanel(state: usize, channels: usize): void {
  const sum0 = v128.load(state, 32), sum1 = v128.load(state, 48);
  const one = f32x4.splat(1), none = f32x4.splat(0);
  const factor0 = v128.bitselect(none, f32x4.div(one, sum0), f32x4.eq(sum0, none));
  const factor1 = v128.bitselect(none, f32x4.div(one, sum1), f32x4.eq(sum1, none));
  for (let row = state + 64, end = state + stateBytes(channels); row < end; row += 32) {
    v128.store(row, f32x4.mul(v128.load(row), factor0));
    v128.store(row, f32x4.mul(v128.load(row, 16), factor1), 16);
  }
  const ln2 = f32x4.splat(0.6931471805599453);
  v128.store(state, f32x4.mul(f32x4.add(v128.load(state), log2x4(sum0)), ln2));
  v128.store(state, f32x4.mul(f32x4.add(v128.load(state, 16), log2x4(sum1)), ln2), 16);
}

/**
 * Writes the outputs of a panel to the rows of its queries.
 *
 * @param to f32, the head's first channel of row 0  @param list u32[count], count <= 8: rows
 * @param rows f32[8, channels padded to 4]: scratch
 */
export function writePanel(
  state: usize,
  channels: usize,
  to: usize,
  rowBytes: usize,
  list: usize,
  count: usize,
  rows: usize,
): void {
  const padded = ((channels + 3) & ~3) << 2;
  let from = state + 64;
  for (let byte: usize = 0; byte < padded; byte += 16, from += 128) {
    for (let half: usize = 0; half < 32; half += 16) {
      const at = from + half;
      const row = rows + (half >> 2) * padded + byte;
      storeTransposed(v128.load(at), v128.load(at, 32), v128.load(at, 64), v128.load(at, 96), row, padded);
    }
  }
  for (let i: usize = 0; i < count; i++) {
    const row = load<u32>(list + (i << 2)) as usize;
    memory.copy(to + row * rowBytes, rows + i * padded, channels << 2);
  }
}
