import type { Sites } from './sites.js';

/** Int32 `[batchSize + 1]`: the first site of each cloud, and the number of all; a binary search for each. */
export function batchStarts(sites: Sites, batchSize: number): Int32Array {
  const batchOf = batchReader(sites);
  const starts = new Int32Array(batchSize + 1);
  for (let batch = 1; batch <= batchSize; batch++) {
    let first = starts[batch - 1];
    let end = sites.count;
    while (first < end) {
      const middle = (first + end) >> 1;
      if (batchOf(middle) < batch) first = middle + 1;
      else end = middle;
    }
    starts[batch] = first;
  }
  return starts;
}

/** The batch index of a site, without making coordinates. */
function batchReader(sites: Sites): (site: number) => number {
  const { siteKeys, bounds } = sites;
  if (!siteKeys) return (site) => sites.coordinates[site * bounds.minimum.length];
  const { keys, space } = siteKeys;
  return (site) => Number(keys[site] >> BigInt(space.shifts[0])) + space.bounds.minimum[0];
}
