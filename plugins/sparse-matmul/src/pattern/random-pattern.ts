import { SparsityPattern, type SparsityPatternOptions } from './sparsity-pattern.js';

/**
 * A static random pattern: so many blocks, drawn without replacement from the whole matrix, or n of each group of m.
 * The same seed gives the same pattern.
 */
export function randomPattern(options: SparsityPatternOptions, blockCount: number, seed: number): SparsityPattern {
  const { inFeatures, outFeatures, blockOutputs = 1, groups } = options;
  const next = uniformFrom(seed);
  const rows = Math.ceil(outFeatures / blockOutputs);
  const starts = new Int32Array(rows + 1);
  const columns: number[] = [];
  let missing = blockCount;
  for (let row = 0; row < rows; row++) {
    if (groups) {
      for (let first = 0; first < inFeatures; first += groups.m) {
        const size = Math.min(groups.m, inFeatures - first);
        columns.push(...drawSorted(size, Math.min(groups.n, size), next).map((place) => first + place));
      }
    } else {
      for (let input = 0; input < inFeatures; input++) {
        const left = (rows - row) * inFeatures - input;
        if (next() * left >= missing) continue;
        columns.push(input);
        missing--;
      }
    }
    starts[row + 1] = columns.length;
  }
  return new SparsityPattern(starts, Int32Array.from(columns), options);
}

/** `count` different numbers below `size`, ascending. */
function drawSorted(size: number, count: number, next: () => number): number[] {
  const drawn: number[] = [];
  for (let i = 0; i < size; i++) if (next() * (size - i) < count - drawn.length) drawn.push(i);
  return drawn;
}

/** Numbers in [0, 1): splitmix32 of tommyettinger. */
function uniformFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}
