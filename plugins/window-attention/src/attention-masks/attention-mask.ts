import { DerivedValues, type DerivedKey, type Own } from '@tfjs-sparse/core';

/** `[first, end)` of keys that follow each other. */
export type KeyRange = readonly [number, number];

/** A query, and where it is. */
export interface QueryPlace {
  readonly query: number;
  /** Among the keys: the last query is at the last key. */
  readonly position: number;
  readonly queries: number;
  readonly keys: number;
  /** Of the mask: 0 where all batches, or all heads, see the same. */
  readonly batch: number;
  readonly head: number;
}

/** The keys that a query sees: ranges in any order, which may overlap and reach beyond the keys. */
export type VisibleKeys = (place: QueryPlace) => readonly KeyRange[];

/** For how many batches and heads a mask has patterns of their own (1: all share one), and which sizes it is for. */
export interface MaskExtent {
  readonly batches?: number;
  readonly heads?: number;
  /** Throws where the mask is not for so many queries and keys. */
  readonly requireSizes?: (op: string, queries: number, keys: number) => void;
}

/** Which keys each query sees. Immutable; what kernels make of it is made once per size and kept with the mask. */
export class AttentionMask {
  readonly batches: number;
  readonly heads: number;
  readonly visibleKeys: VisibleKeys;
  readonly requireSizes: (op: string, queries: number, keys: number) => void;
  readonly #derived = new DerivedValues();

  constructor(visibleKeys: VisibleKeys, { batches = 1, heads = 1, requireSizes = () => {} }: MaskExtent = {}) {
    this.visibleKeys = visibleKeys;
    this.batches = batches;
    this.heads = heads;
    this.requireSizes = requireSizes;
  }

  /** What is made of the mask, kept with it. */
  derived<T>(key: DerivedKey<T>, make: (own: Own) => T): T {
    return this.#derived.get(key, make);
  }

  /** Frees the copies of its tables on devices; the mask stays usable. */
  dispose(): void {
    this.#derived.dispose();
  }
}

/** The pattern of a batch and a head, where the mask has fewer: heads share patterns in runs, as they share keys. */
export function patternPlace(
  { batches, heads }: AttentionMask,
  batch: number,
  head: number,
  headCount: number,
): { batch: number; head: number } {
  return { batch: batch % batches, head: Math.floor((head * heads) / headCount) };
}

/** The same keys as ascending ranges without overlaps or gaps of nothing between them, within the keys. */
export function sortedRanges(ranges: readonly KeyRange[], keys: number): KeyRange[] {
  const sorted = ranges
    .map(([first, end]): [number, number] => [Math.max(first, 0), Math.min(end, keys)])
    .filter(([first, end]) => first < end)
    .sort((a, b) => a[0] - b[0]);
  const joined: [number, number][] = [];
  for (const range of sorted) {
    const last = joined[joined.length - 1];
    if (last && range[0] <= last[1]) last[1] = Math.max(last[1], range[1]);
    else joined.push(range);
  }
  return joined;
}
