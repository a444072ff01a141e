import type { SerializedPatchesOptions } from '@tfjs-sparse/window-attention';
import type { Site } from '../../../oracle/sites.js';
import { sortedSites } from '../../../oracle/sites.js';
import type { ExactTensor } from '../../../src/tensor-operation.js';
import { curvePlace } from './curve-place.js';
import { cutClouds, runsOf, sortedByKey } from './set-operation.js';

/** Patches of sorted sites along a curve. */
export function patchesOf(sites: readonly Site[], options: SerializedPatchesOptions): Site[][] {
  const place = curvePlace(sites, options);
  const ordered = sortedByKey(sites, (site) => [site[0], place(site)]);
  const counts = runsOf(sites, ([cloud]) => String(cloud)).map((cloud) => cloud.length);
  const { patchSize, smallClouds } = options;
  return cutClouds(ordered, smallClouds === 'smallestCloud' ? Math.min(patchSize, ...counts) : patchSize);
}

/** The same by rows of coordinates in any order. */
export function exactPatches({ shape, values }: ExactTensor, options: SerializedPatchesOptions): number[][] {
  const [count, columns] = shape;
  const rows = Array.from({ length: count }, (_, row) => values.slice(row * columns, (row + 1) * columns));
  const rowOf = new Map(rows.map((site, row) => [site.join(), row]));
  return patchesOf(sortedSites(rows), options).map((patch) => patch.map((site) => rowOf.get(site.join())!));
}
