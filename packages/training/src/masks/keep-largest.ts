import { requireRange, violation } from '@tfjs-sparse/core';

/** One byte per weight in the weight's own order: 1 kept, 0 pruned. */
export type Mask = Uint8Array;

/** Numbers that rank weights, one per weight. */
export type Scores = Float32Array | Float64Array;

/** Keeps the `count` largest scores; of equal scores the one at the lower index is kept first. */
export function keepLargest(scores: Scores, count: number, name = 'keepLargest'): Mask {
  const mask = new Uint8Array(scores.length);
  requireNumbers(scores, name);
  const isPossible = Number.isInteger(count) && count >= 0 && count <= scores.length;
  requireRange(isPossible, name, `the number of kept weights must be an integer from 0 to ${scores.length}`, count);
  if (count === 0) return mask;
  const threshold = scores.slice().sort()[scores.length - count];
  let left = count;
  for (let i = 0; i < scores.length; i++) {
    if (scores[i] > threshold) {
      mask[i] = 1;
      left--;
    }
  }
  for (let i = 0; left > 0; i++) {
    if (scores[i] === threshold) {
      mask[i] = 1;
      left--;
    }
  }
  return mask;
}

/** How many of `size` weights a sparsity leaves: `size - round(sparsity * size)`, as torch.nn.utils.prune counts. */
export function keptCount(size: number, sparsity: number, name: string): number {
  requireRange(sparsity >= 0 && sparsity <= 1, name, 'sparsity must be in [0, 1]', sparsity);
  return size - Math.round(sparsity * size);
}

export function requireNumbers(scores: Scores, name: string): void {
  for (let i = 0; i < scores.length; i++)
    if (Number.isNaN(scores[i])) throw new RangeError(violation(name, 'weights must be numbers', `NaN at index ${i}`));
}

export function magnitudes(weights: Scores): Scores {
  return weights.map(Math.abs);
}

export function keptWeights(mask: Mask): number {
  return mask.reduce((count, isKept) => count + isKept, 0);
}

/** The lists one after another. */
export function concatenated(lists: readonly Scores[]): Float64Array {
  const all = new Float64Array(lists.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const list of lists) {
    all.set(list, end);
    end += list.length;
  }
  return all;
}
