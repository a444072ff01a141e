import { requireRange } from '@tfjs-sparse/core';

/** A class with its probability. */
export interface Likely {
  readonly label: string;
  readonly probability: number;
}

const shownCount = 3;

/** The likeliest classes, the likeliest first. @param op begins the error where the probabilities are no numbers */
export function likeliest(probabilities: ArrayLike<number>, labels: readonly string[], op: string): Likely[] {
  const all = Array.from(probabilities, (probability, i) => ({ label: labels[i], probability }));
  const areNumbers = all.length === labels.length && all.every(({ probability }) => Number.isFinite(probability));
  requireRange(areNumbers, op, `probabilities must be ${labels.length} numbers`, Array.from(probabilities));
  return all.sort((a, b) => b.probability - a.probability).slice(0, shownCount);
}
