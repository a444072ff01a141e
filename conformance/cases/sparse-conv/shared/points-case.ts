import { uniformFrom } from '../../../oracle/random.js';
import { vectorsBelow, type Site } from '../../../oracle/sites.js';
import type { GoldenCase } from '../../../src/golden-file.js';
import { floatsOf, requiredTensor } from '../../../src/golden-tensors.js';
import type { FeaturesCase } from './features-case.js';

/** Points between sites. */
export interface PointsCase extends FeaturesCase {
  readonly points: number;
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** Positions are multiples of this; default none. */
  readonly pointStep?: number;
}

/** A box around the sites of the patterns. */
export const near = { low: [-1, -1, -1], high: [5, 5, 6] };

/** Batch index and position, in the batches that sites have. */
export function drawPoints({ points, low, high, pointStep, seed }: PointsCase, sites: readonly Site[]): number[][] {
  const next = uniformFrom(seed + 7);
  const batches = [...new Set(sites.map(([batch]) => batch)), 0];
  return Array.from({ length: points }, () => {
    const batch = batches[Math.floor(next() * batches.length)];
    const position = low.map((from, axis) => Math.fround(from + next() * (high[axis] - from)));
    return [batch, ...position.map((value) => (pointStep ? Math.round(value / pointStep) * pointStep : value))];
  });
}

/** The 2^rank cells around a point and their weights, those of 0 left out. */
export function corners([batch, ...position]: readonly number[]): { cell: number[]; weight: number }[] {
  return vectorsBelow(position.map(() => 2))
    .map((step) => {
      const cell = position.map((value, axis) => Math.floor(value) + step[axis]);
      const weight = cell.reduce((product, c, axis) => product * (1 - Math.abs(position[axis] - c)), 1);
      return { cell: [batch, ...cell], weight };
    })
    .filter(({ weight }) => weight > 0);
}

/** The golden's points, as the ops take them. */
export function queryOf(golden: GoldenCase): { points: Float32Array; batchIndices: Int32Array } {
  const { shape } = requiredTensor(golden, 'query');
  const rows = rowsOf(floatsOf(golden, 'query'), shape[1]);
  return {
    points: Float32Array.from(rows.flatMap((row) => row.slice(1))),
    batchIndices: Int32Array.from(rows, ([batch]) => batch),
  };
}

/** Rows of a flat tensor. */
export function rowsOf(values: ArrayLike<number>, columns: number): number[][] {
  const flat = Array.from(values);
  return Array.from({ length: flat.length / columns }, (_, row) => flat.slice(row * columns, (row + 1) * columns));
}
