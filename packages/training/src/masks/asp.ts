import type { Mask, Scores } from './keep-largest.js';
import { magnitudes, requireNumbers } from './keep-largest.js';
import { weightIndex, type KernelLayout } from './kernel-layout.js';

const blockSize = 4;
const keptPerLine = 2;

/**
 * Keeps 2 of 4 weights along inputs and along outputs, so that the transposed kernel is 2:4 too (m4n2_2d_greedy of
 * NVIDIA's ASP): in each 4 x 4 block the largest weights whose row and column still have room. A block may end with fewer
 * than 8. A block at the border is filled up with zeros.
 */
export function aspGreedyMask(weights: Scores, layout: KernelLayout): Mask {
  return blockMask(weights, layout, (block) => {
    const order = block.map((_, i) => i).sort((a, b) => block[b] - block[a] || a - b);
    const rows = new Uint8Array(blockSize);
    const columns = new Uint8Array(blockSize);
    const kept = new Uint8Array(block.length);
    for (const i of order) {
      const row = Math.floor(i / blockSize);
      const column = i % blockSize;
      if (rows[row] === keptPerLine || columns[column] === keptPerLine) continue;
      kept[i] = 1;
      rows[row]++;
      columns[column]++;
    }
    return kept;
  });
}

/** The same with the best of all patterns of a block, by the sum of |w| (m4n2_2d_best of ASP); of equal ones the first. */
export function aspBestMask(weights: Scores, layout: KernelLayout): Mask {
  const patterns = blockPatterns();
  return blockMask(weights, layout, (block) => {
    const sums = patterns.map((pattern) => pattern.reduce((sum, isKept, i) => sum + isKept * block[i], 0));
    return patterns[sums.indexOf(Math.max(...sums))];
  });
}

/** Applies `choose` to the |w| of each block, rows of 4 outputs by 4 inputs. */
function blockMask(weights: Scores, layout: KernelLayout, choose: (block: number[]) => Uint8Array): Mask {
  requireNumbers(weights, 'aspMask');
  const scores = magnitudes(weights);
  const mask = new Uint8Array(weights.length);
  for (let tap = 0; tap < layout.taps; tap++)
    for (let output = 0; output < layout.outputs; output += blockSize)
      for (let input = 0; input < layout.inputs; input += blockSize) {
        const indices = Array.from({ length: blockSize * blockSize }, (_, i) => {
          const row = output + Math.floor(i / blockSize);
          const column = input + (i % blockSize);
          return row < layout.outputs && column < layout.inputs ? weightIndex(layout, tap, column, row) : -1;
        });
        const kept = choose(indices.map((index) => (index < 0 ? 0 : scores[index])));
        indices.forEach((index, i) => {
          if (index >= 0) mask[index] = kept[i];
        });
      }
  return mask;
}

/** All 90 blocks with two kept weights in every row and every column. */
function blockPatterns(): Uint8Array[] {
  const lines = [0b1100, 0b1010, 0b1001, 0b0110, 0b0101, 0b0011];
  const patterns: Uint8Array[] = [];
  for (const a of lines)
    for (const b of lines)
      for (const c of lines)
        for (const d of lines) {
          const block = Uint8Array.from([a, b, c, d].flatMap((line) => [3, 2, 1, 0].map((bit) => (line >> bit) & 1)));
          const columns = [0, 1, 2, 3].map((column) =>
            [0, 4, 8, 12].reduce((sum, row) => sum + block[row + column], 0),
          );
          if (columns.every((count) => count === keptPerLine)) patterns.push(block);
        }
  return patterns;
}
