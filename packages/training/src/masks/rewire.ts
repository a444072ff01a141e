import { requireRange } from '@tfjs-sparse/core';
import { keepLargest, keptWeights, type Mask, type Scores } from './keep-largest.js';
import { keepMore } from './random.js';

/**
 * One step of RigL (Evci et al. 2020, as in ljb121002/SSVI): of the kept weights the `floor(fraction * kept)` with the
 * smallest `keepScores` are dropped, then as many grow where `growScores` is largest. A weight may grow right where it was
 * dropped, and then keeps its value.
 *
 * @param keepScores |w| as published, or `signalToNoise`
 * @param growScores |gradient| of all weights, pruned ones included
 */
export function dropAndGrow(mask: Mask, keepScores: Scores, growScores: Scores, fraction: number): Mask {
  requireFraction(fraction, 'dropAndGrow');
  const active = keptWeights(mask);
  const dropped = Math.trunc(active * fraction);
  const kept = keepLargest(
    without(keepScores, (i) => mask[i] === 0),
    active - dropped,
    'dropAndGrow',
  );
  const grown = keepLargest(
    without(growScores, (i) => kept[i] === 1),
    dropped,
    'dropAndGrow',
  );
  return kept.map((isKept, i) => isKept | grown[i]);
}

/**
 * One step of SET (Mocanu et al. 2018, rewireMask of the authors' Keras code): the share `fraction` of the smallest
 * positive weights and of the largest negative ones is dropped, and random weights are added until as many are kept as
 * before.
 *
 * @param weights of the layer; pruned ones are 0
 */
export function rewireRandomly(weights: Scores, mask: Mask, fraction: number, random: () => number): Mask {
  const core = dropAroundZero(weights, fraction);
  return keepMore(core, Math.max(0, keptWeights(mask) - keptWeights(core)), random);
}

/** The first half of a step of SET: what remains. */
export function dropAroundZero(weights: Scores, fraction: number): Mask {
  requireFraction(fraction, 'dropAroundZero');
  const sorted = Float64Array.from(weights).sort();
  // The published code looks for the values closest to 0, from both ends.
  const closest = sorted.reduce((least, value) => Math.min(least, Math.abs(value)), Infinity);
  const firstZero = sorted.findIndex((value) => Math.abs(value) === closest);
  const afterZeros = sorted.length - [...sorted].reverse().findIndex((value) => Math.abs(value) === closest);
  const largestNegative = sorted[Math.trunc((1 - fraction) * firstZero)];
  const position = Math.trunc(Math.min(sorted.length - 1, afterZeros + fraction * (sorted.length - afterZeros)));
  const smallestPositive = sorted[position];
  return Uint8Array.from(weights, (value) => Number(value > smallestPositive || value < largestNegative));
}

function without(scores: Scores, isExcluded: (index: number) => boolean): Scores {
  return scores.map((score, i) => (isExcluded(i) ? -Infinity : score));
}

function requireFraction(fraction: number, name: string): void {
  requireRange(fraction >= 0 && fraction <= 1, name, 'fraction must be in [0, 1]', fraction);
}
