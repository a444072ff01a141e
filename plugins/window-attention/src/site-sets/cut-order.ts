import type { CoordinateMap, SiteOrder } from '@tfjs-sparse/core';
import type { SetTables } from './site-sets.js';

/**
 * Cuts the sites of each cloud, in their order, into sets of `setSize`. The free slots of a cloud's last set repeat those at
 * the same places of the set before, as keys; a cloud of no more than `setSize` sites is one set, which is shorter where the
 * cloud is.
 */
export function cutOrder(map: CoordinateMap, { order, inverse }: SiteOrder, setSize: number): SetTables {
  const { batchStarts, batchSize } = map;
  const starts = setStarts(batchStarts, setSize);
  const sites = new Int32Array(starts[starts.length - 1]);
  const isMoved = starts[starts.length - 1] > map.siteCount && batchSize > 1;
  const places = isMoved ? new Int32Array(map.siteCount) : inverse;
  let set = 0;
  for (let cloud = 0; cloud < batchSize; cloud++) {
    const [first, last] = [batchStarts[cloud], batchStarts[cloud + 1]]; // of sites, and of positions in the order
    const begin = starts[set];
    set += Math.ceil((last - first) / setSize);
    sites.set(order.subarray(first, last), begin);
    for (let slot = begin + last - first; slot < starts[set]; slot++) sites[slot] = sites[slot - setSize];
    for (let site = first; isMoved && site < last; site++) places[site] = inverse[site] - first + begin;
  }
  return { starts, sites, places, isKey: null };
}

function setStarts(batchStarts: Int32Array, setSize: number): Int32Array {
  const starts = [0];
  for (let cloud = 1; cloud < batchStarts.length; cloud++) {
    const siteCount = batchStarts[cloud] - batchStarts[cloud - 1];
    const sets = Math.ceil(siteCount / setSize);
    const slots = Math.min(siteCount, setSize); // of each set
    for (let set = 0; set < sets; set++) starts.push(starts[starts.length - 1] + slots);
  }
  return Int32Array.from(starts);
}
