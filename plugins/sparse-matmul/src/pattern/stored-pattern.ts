import { int32Array, requireRange } from '@tfjs-sparse/core';
import {
  requireFeatureCounts,
  SparsityPattern,
  type GroupRule,
  type SparsityPatternOptions,
} from './sparsity-pattern.js';

const name = 'decodePattern';

/**
 * A pattern in as few bytes as its kind needs, as int32 words for a tensor of a saved model. Bytes and bits begin at the
 * low end of a word.
 *
 * With `groups`: the place of each kept block within its group, in log2(m) bits (2 of 4: a quarter of a byte), block row
 * by block row, group by group, ascending; unused bits of the last word are 0.
 *
 * Without: the matrix of blocks is read row by row, and each kept block is the number of dropped ones since the last
 * kept one, in one byte; 255 means 255 dropped ones and that the count goes on in the next byte. The last byte of the
 * encoding is followed by zeros up to a whole word.
 */
export function encodePattern(pattern: SparsityPattern): Int32Array {
  return pattern.groups ? encodeGroups(pattern) : encodeGaps(pattern);
}

/**
 * The pattern that `encodePattern` stored.
 *
 * @param blockCount how many blocks are kept
 * @throws RangeError where the words say something else, or an index is out of range
 */
export function decodePattern(
  words: ArrayLike<number>,
  blockCount: number,
  options: SparsityPatternOptions,
): SparsityPattern {
  requireFeatureCounts(name, options);
  requireRange(Number.isInteger(blockCount) && blockCount >= 0, name, 'blockCount must be a whole number', blockCount);
  const stored = int32Array(name, 'words', words);
  return options.groups ? decodeGroups(stored, blockCount, options) : decodeGaps(stored, blockCount, options);
}

/** Kept blocks of a pattern with groups, and the words that they take. */
export function groupedSize(
  { n, m }: GroupRule,
  { inFeatures, outFeatures, blockOutputs = 1 }: SparsityPatternOptions,
): { readonly blocks: number; readonly words: number } {
  const keptOfRow = Math.floor(inFeatures / m) * n + Math.min(n, inFeatures % m);
  const blocks = Math.ceil(outFeatures / blockOutputs) * keptOfRow;
  return { blocks, words: groupWords(blocks, m) };
}

function groupWords(blockCount: number, m: number): number {
  return Math.ceil((blockCount * Math.log2(m)) / 32);
}

function encodeGroups({ columns, groups }: SparsityPattern): Int32Array {
  const { m } = groups!;
  const bits = Math.log2(m);
  const words = new Int32Array(groupWords(columns.length, m));
  columns.forEach((column, block) => {
    const bit = block * bits;
    const place = column % m;
    words[bit >> 5] |= place << (bit & 31);
    if ((bit & 31) + bits > 32) words[(bit >> 5) + 1] |= place >>> (32 - (bit & 31));
  });
  return words;
}

function decodeGroups(words: Int32Array, blockCount: number, options: SparsityPatternOptions): SparsityPattern {
  const { inFeatures, outFeatures, blockOutputs = 1, groups } = options;
  const { n, m } = groups!;
  const bits = Math.log2(m);
  const keptOfRow = Math.floor(inFeatures / m) * n + Math.min(n, inFeatures % m);
  const rows = Math.ceil(outFeatures / blockOutputs);
  requireRange(blockCount === rows * keptOfRow, name, `blockCount must be ${rows * keptOfRow}`, blockCount);
  const wordCount = groupWords(blockCount, m);
  requireRange(
    words.length === wordCount,
    name,
    `a pattern of ${blockCount} blocks must have ${wordCount} words`,
    words.length,
  );
  const columns = new Int32Array(blockCount);
  for (let block = 0; block < blockCount; block++) {
    const bit = block * bits;
    const shift = bit & 31;
    let place = words[bit >> 5] >>> shift;
    if (shift + bits > 32) place |= words[(bit >> 5) + 1] << (32 - shift);
    columns[block] = Math.floor((block % keptOfRow) / n) * m + (place & (m - 1));
  }
  const starts = Int32Array.from({ length: rows + 1 }, (_, row) => row * keptOfRow);
  return new SparsityPattern(starts, columns, options);
}

const escape = 255; // the count goes on

function encodeGaps({ inFeatures, starts, columns }: SparsityPattern): Int32Array {
  const bytes: number[] = [];
  let next = 0; // position behind the last kept block
  for (let row = 0; row < starts.length - 1; row++) {
    for (let block = starts[row]; block < starts[row + 1]; block++) {
      const position = row * inFeatures + columns[block];
      let gap = position - next;
      for (; gap >= escape; gap -= escape) bytes.push(escape);
      bytes.push(gap);
      next = position + 1;
    }
  }
  while (bytes.length % 4 > 0) bytes.push(0);
  const words = new Int32Array(bytes.length / 4);
  bytes.forEach((byte, i) => (words[i >> 2] |= byte << (8 * (i & 3))));
  return words;
}

function decodeGaps(words: Int32Array, blockCount: number, options: SparsityPatternOptions): SparsityPattern {
  const { inFeatures, outFeatures, blockOutputs = 1 } = options;
  const rows = Math.ceil(outFeatures / blockOutputs);
  const starts = new Int32Array(rows + 1);
  const columns = new Int32Array(blockCount);
  let byteIndex = 0;
  let position = 0;
  for (let block = 0; block < blockCount; block++, position++) {
    let byte: number;
    do {
      requireRange(byteIndex < words.length * 4, name, `the words must hold ${blockCount} blocks`, block);
      byte = (words[byteIndex >> 2] >>> (8 * (byteIndex & 3))) & 255;
      byteIndex++;
      position += byte;
    } while (byte === escape);
    const row = Math.floor(position / inFeatures);
    requireRange(row < rows, name, `a block must be below ${rows * inFeatures}`, position);
    columns[block] = position % inFeatures;
    starts[row + 1]++;
  }
  const wordCount = Math.ceil(byteIndex / 4);
  requireRange(
    words.length === wordCount,
    name,
    `a pattern of ${blockCount} blocks must have ${wordCount} words`,
    words.length,
  );
  for (let row = 0; row < rows; row++) starts[row + 1] += starts[row];
  return new SparsityPattern(starts, columns, options);
}
