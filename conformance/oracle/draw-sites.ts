import { uniformFrom } from './random.js';
import { sortedSites, vectorsBelow, type Site } from './sites.js';

/** How the sites of a case are placed. */
export type SitePattern =
  | RandomSites
  /** Every cell of a box, in every batch. */
  | { readonly box: readonly number[]; readonly batches?: readonly number[] }
  | { readonly list: readonly Site[] };

interface RandomSites {
  readonly count: number;
  /** Cells per axis. */
  readonly extent: readonly number[];
  /** Lowest cell; default 0. */
  readonly origin?: readonly number[];
  /** Batch indices to draw from; default [0]. */
  readonly batches?: readonly number[];
  /** In drawn order instead of sorted. */
  readonly isShuffled?: boolean;
}

/** The same pattern and seed give the same sites. */
export function drawSites(pattern: SitePattern, seed: number): Site[] {
  if ('list' in pattern) return [...pattern.list];
  const { batches = [0] } = pattern;
  if ('box' in pattern) return batches.flatMap((batch) => vectorsBelow(pattern.box).map((cell) => [batch, ...cell]));
  const next = uniformFrom(seed);
  const drawn = new Map<string, Site>();
  while (drawn.size < pattern.count) {
    const batch = batches[Math.floor(next() * batches.length)];
    const cell = pattern.extent.map((size, axis) => Math.floor(next() * size) + (pattern.origin?.[axis] ?? 0));
    drawn.set([batch, ...cell].join(), [batch, ...cell]);
  }
  return pattern.isShuffled ? [...drawn.values()] : sortedSites(drawn.values());
}

export function rankOf(pattern: SitePattern): number {
  if ('list' in pattern) return pattern.list[0].length - 1;
  return 'box' in pattern ? pattern.box.length : pattern.extent.length;
}
