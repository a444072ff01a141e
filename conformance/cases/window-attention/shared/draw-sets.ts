import { uniformFrom } from '../../../oracle/random.js';
import type { AttentionAttrs } from './exact-attention.js';

export interface SetsCase {
  readonly sizes: readonly number[];
  /** Keys of every set that have their place in another. */
  readonly borrowed?: number;
  /** Share of the slots that are no keys. */
  readonly masked?: number;
  readonly seed: number;
}

/** Sites dealt out to sets in a drawn order. */
export function drawSets({ sizes, borrowed = 0, masked = 0, seed }: SetsCase): Pick<AttentionAttrs, 'sets' | 'isKey'> {
  const next = uniformFrom(seed);
  const siteCount = sizes.reduce((sum, size) => sum + size, 0);
  const sites = Array.from({ length: siteCount }, (_, site) => ({ site, place: next() }));
  sites.sort((a, b) => a.place - b.place);
  let first = 0;
  const sets = sizes.map((size) => sites.slice(first, (first += size)).map(({ site }) => site));
  const filled = sets.map((set, i) => [
    ...set,
    ...sets[(i + sets.length - 1) % sets.length].slice(0, i > 0 ? borrowed : 0),
  ]);
  return { sets: filled, ...(masked > 0 && { isKey: filled.map((set) => set.map(() => next() >= masked)) }) };
}
