import { requireRange } from '@tfjs-sparse/core';
import { concatenated, keepLargest, magnitudes, type Mask, type Scores } from './keep-largest.js';

/** The published loop may stay one rounding step below its target for ever; it gains nothing after few turns. */
const mostTurns = 2000;

export interface GlobalMP {
  /** Sparsity of each layer before its weights are counted in whole numbers. */
  readonly sparsities: readonly number[];
  readonly masks: readonly Mask[];
}

/**
 * Global magnitude pruning that leaves each layer a minimum of weights (GlobalMP, Gupta et al. 2022, prune_withMT.py): a
 * threshold over all layers gives each its sparsity; layers with less than the minimum get it, and the sparsity of all is
 * scaled until the total is reached. As published, a layer keeps the weight at its threshold, so that up to two weights
 * less than asked for are pruned in each.
 *
 * @param minimumShare of all weights that each layer keeps at least; 0.0005 as published
 */
export function globalMP(layers: readonly Scores[], sparsity: number, minimumShare: number): GlobalMP {
  requireRange(sparsity >= 0 && sparsity < 1, 'globalMP', 'sparsity must be in [0, 1)', sparsity);
  requireRange(minimumShare >= 0 && minimumShare < 1, 'globalMP', 'minimumShare must be in [0, 1)', minimumShare);
  const sizes = layers.map(({ length }) => length);
  const all = concatenated([Float64Array.of(0), ...layers.map(magnitudes)]).sort(); // as published, with an element of its own
  const threshold = all[Math.max(1, Math.trunc(sparsity * all.length)) - 1];
  const pruned = layers.map((weights) => magnitudes(weights).filter((magnitude) => magnitude < threshold).length);
  const minimum = Math.trunc(all.length * minimumShare);
  const sparsities = raiseToMinimum(
    pruned.map((count, i) => (sizes[i] < minimum ? 0 : count / Math.max(1, sizes[i]))),
    sizes,
    sparsity,
    minimum,
  );
  const masks = layers.map((weights, i) => {
    const position = Math.max(1, Math.trunc(sparsities[i] * weights.length));
    const pruned = Math.min(position, weights.length) - 1; // the weight at this position stays
    return keepLargest(magnitudes(weights), weights.length - Math.max(0, pruned), 'globalMP');
  });
  return { sparsities, masks };
}

function raiseToMinimum(
  start: readonly number[],
  sizes: readonly number[],
  target: number,
  minimum: number,
): readonly number[] {
  const size = Math.max(
    1,
    sizes.reduce((sum, count) => sum + count, 0),
  );
  const total = (values: readonly number[]): number =>
    values.reduce((sum, value, i) => sum + value * sizes[i], 0) / size;
  const scale = (values: readonly number[]): number[] => {
    const now = total(values);
    return now === 0 ? [...values] : values.map((value) => (value / now) * target);
  };
  const clip = (values: readonly number[]): number[] =>
    values.map((value, i) => ((1 - value) * sizes[i] < minimum && sizes[i] > minimum ? 1 - minimum / sizes[i] : value));
  let sparsities = clip(scale(start));
  for (let turn = 0; turn < mostTurns && total(sparsities) < target; turn++) sparsities = clip(scale(sparsities));
  return sparsities;
}
