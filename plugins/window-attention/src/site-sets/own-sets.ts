import { int32Array, requireRange } from '@tfjs-sparse/core';
import { SiteSets } from './site-sets.js';

export interface OwnSets {
  /** Of the map, or rows of the features. */
  readonly siteCount: number;
  /** The sites of each set, in the order of its slots. Every site is in one set at least. */
  readonly sets: readonly (readonly number[] | Int32Array)[];
  /** Slots that are no keys: their sites ask, and nobody asks them. Default: all are keys. */
  readonly isKey?: readonly (readonly boolean[])[];
}

/**
 * Sets of one's own. A site that has several slots gets the result of the first.
 *
 * @throws RangeError for a site that is none, a site without a slot, and an `isKey` of another shape than `sets`
 */
export function siteSets({ siteCount, sets, isKey }: OwnSets): SiteSets {
  requireRange(Number.isInteger(siteCount) && siteCount >= 0, op, 'siteCount must be an integer from 0', siteCount);
  const starts = new Int32Array(sets.length + 1);
  sets.forEach(({ length }, set) => (starts[set + 1] = starts[set] + length));
  const sites = new Int32Array(starts[sets.length]);
  const places = new Int32Array(siteCount).fill(-1);
  sets.forEach((set, index) => {
    int32Array(op, 'sites', set).forEach((site, slot) => {
      requireRange(site >= 0 && site < siteCount, op, `sites must be from 0 to ${siteCount - 1} (siteCount)`, site);
      sites[starts[index] + slot] = site;
      if (places[site] < 0) places[site] = starts[index] + slot;
    });
  });
  const without = places.indexOf(-1);
  requireRange(without < 0, op, 'every site must be in a set', `none with site ${without}`);
  return new SiteSets({ starts, sites, places, isKey: isKey ? keysOf(isKey, starts) : null });
}

function keysOf(isKey: readonly (readonly boolean[])[], starts: Int32Array): Int32Array {
  const lengths = isKey.map(({ length }) => length);
  const expected = Array.from(isKey, (_, set) => starts[set + 1] - starts[set]);
  const isFitting = isKey.length + 1 === starts.length && lengths.join() === expected.join();
  requireRange(isFitting, op, 'isKey must have the shape of sets', `lengths ${lengths.join(', ')}`);
  return Int32Array.from(isKey.flat(), Number);
}

const op = 'siteSets';
