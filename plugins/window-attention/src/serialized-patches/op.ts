import { checkedAxes, derivedKey, orderBy, requireRange, type CoordinateMap, type CubeCurve } from '@tfjs-sparse/core';
import { cutOrder } from '../site-sets/cut-order.js';
import { requireSetSize } from '../site-sets/require-set-size.js';
import { SiteSets } from '../site-sets/site-sets.js';

export type Serialization = 'z' | 'z-trans' | 'hilbert' | 'hilbert-trans';

export interface SerializedPatchesOptions {
  /** The curve; `-trans` exchanges the first two of `axes`. */
  readonly order: Serialization;
  /** Sites of a patch. */
  readonly patchSize: number;
  /**
   * What happens where a cloud has fewer sites than a patch: the cloud is one `shortPatch` (default), as in LitePT and in
   * Point Transformer V3 with flash attention, or the patches of all clouds have the `smallestCloud`'s size, as in Point
   * Transformer V3 without.
   */
  readonly smallClouds?: 'shortPatch' | 'smallestCloud';
  /** The axes of the curve, the one that counts most first; default all in their order. The peers' is x, y, z. */
  readonly axes?: readonly number[];
  /**
   * Bits of a coordinate on the curve, 1 to 21; default as few as the coordinates need, as in Point Transformer V3. LitePT
   * takes those of the greatest coordinate + 1. Hilbert curves of different depths order sites differently.
   */
  readonly depth?: number;
}

const patchesOf = derivedKey<SiteSets>();
const orders: readonly string[] = ['z', 'z-trans', 'hilbert', 'hilbert-trans'];
export const depthLimit = 21; // bits of the distance of any two coordinates

/**
 * Patches of Point Transformer V3 and LitePT: the sites of each cloud along a space-filling curve, cut into patches of
 * `patchSize`. The free slots of a cloud's last patch repeat those at the same places of the patch before; these copies are
 * keys. Clouds never mix. The curve starts at coordinate 0, or at the least one of an axis that has negative ones. Clouds
 * without sites have no patches and are not the smallest. Made once per options and freed with the map.
 *
 * @throws RangeError for an order that is none, a patchSize that is no positive integer, axes that are not different axes
 *   of the map, and a depth that is out of range or less than the coordinates need
 */
export function serializedPatches(map: CoordinateMap, options: SerializedPatchesOptions): SiteSets {
  const curve = checkedCurve(map, options);
  const { patchSize, smallClouds = 'shortPatch' } = options;
  requireSetSize(op, 'patchSize', patchSize);
  const isRule = smallClouds === 'shortPatch' || smallClouds === 'smallestCloud';
  requireRange(isRule, op, "smallClouds must be 'shortPatch' or 'smallestCloud'", smallClouds);
  const size = smallClouds === 'shortPatch' ? patchSize : Math.min(patchSize, smallestCloud(map));
  return map.derived(patchesOf.of(JSON.stringify([curve, size])), (own) => {
    return own(new SiteSets(cutOrder(map, orderBy(map, curve), size)));
  });
}

const op = 'serializedPatches';

function checkedCurve(map: CoordinateMap, { order, axes, depth }: SerializedPatchesOptions): CubeCurve {
  requireRange(orders.includes(order), op, "order must be 'z', 'z-trans', 'hilbert' or 'hilbert-trans'", order);
  const [first, second, ...others] = checkedAxes(op, axes, map.rank);
  const isExchanged = order.endsWith('-trans');
  requireRange(!isExchanged || second !== undefined, op, `axes must be two or more for order '${order}'`, [first]);
  const along = second === undefined ? [first] : isExchanged ? [second, first] : [first, second];
  const curve = { curve: order.startsWith('z') ? 'z' : 'hilbert', axes: [...along, ...others] } as const;
  if (depth === undefined) return curve;
  const { minimum, maximum } = map.bounds;
  const spans = curve.axes.map((axis) => maximum[1 + axis] - Math.min(minimum[1 + axis], 0));
  const least = Math.max(1, 32 - Math.clz32(Math.max(...spans)));
  const rule = `depth must be an integer from ${least} (bits of the greatest coordinate) to ${depthLimit}`;
  requireRange(Number.isInteger(depth) && depth >= least && depth <= depthLimit, op, rule, depth);
  return { ...curve, depth };
}

/** Sites of the smallest cloud that has any; 1 without sites. */
function smallestCloud({ batchStarts, siteCount }: CoordinateMap): number {
  let smallest = Math.max(siteCount, 1);
  for (let cloud = 1; cloud < batchStarts.length; cloud++) {
    const sites = batchStarts[cloud] - batchStarts[cloud - 1];
    if (sites > 0) smallest = Math.min(smallest, sites);
  }
  return smallest;
}
