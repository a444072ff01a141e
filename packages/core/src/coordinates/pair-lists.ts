import type { OffsetPairs } from './reference.js';

/** Where the pairs of one offset lie in `left` and `right`. */
export interface PairSegment {
  readonly start: number;
  readonly count: number;
  /** False: left holds input sites and right output sites; true: the other way round. */
  readonly swapped: boolean;
}

/** The pairs of all offsets, one after the other. Both columns strictly ascend within a segment. */
export interface PairLists {
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** One per offset. */
  readonly segments: readonly PairSegment[];
}

/** Copies the lists together; `pairs[k]` belongs to offset k. */
export function concatenatePairs(pairs: readonly OffsetPairs[]): PairLists {
  const pairCount = pairs.reduce((sum, { inputs }) => sum + inputs.length, 0);
  const left = new Int32Array(pairCount);
  const right = new Int32Array(pairCount);
  let start = 0;
  const segments = pairs.map(({ inputs, outputs }) => {
    left.set(inputs, start);
    right.set(outputs, start);
    const segment = { start, count: inputs.length, swapped: false };
    start += segment.count;
    return segment;
  });
  return { left, right, segments };
}

/**
 * Pair lists of all offsets from those behind the centre: the pairs of an offset are the pairs of its opposite with
 * the columns swapped, and those of the centre, (i, i) for every i, are not stored.
 *
 * @param behind pairs of the offsets centre + 1, centre + 2, ...
 */
export function mirrorPairs(behind: readonly OffsetPairs[]): PairLists {
  const { left, right, segments } = concatenatePairs(behind);
  const swapped = segments.map((segment) => ({ ...segment, swapped: true })).reverse();
  return { left, right, segments: [...swapped, noPairs, ...segments] };
}

export const noPairs: PairSegment = { start: 0, count: 0, swapped: false };
