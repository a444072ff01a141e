import { checkedAxes, derivedKey, orderBy, type CoordinateMap } from '@tfjs-sparse/core';
import { cutOrder } from '../site-sets/cut-order.js';
import { requireSetSize } from '../site-sets/require-set-size.js';
import { SiteSets } from '../site-sets/site-sets.js';
import { checkedWindows, type WindowOptions } from '../window-options.js';

export interface FlatFormerGroupsOptions extends WindowOptions {
  /** Sites of a group. */
  readonly groupSize: number;
  /**
   * The axes of the windows, the one that counts most first; default all in their order. Of a map with axes y, x FlatFormer's
   * `x` groups have `[0, 1]`, its `y` groups `[1, 0]`.
   */
  readonly axes?: readonly number[];
}

const groupsOf = derivedKey<SiteSets>();

/**
 * FlatFormer's groups: the sites of each cloud along the line that goes through windows, and through the cells of each, and
 * turns back at every end (`orderBy`, boustrophedon), cut into groups of `groupSize`. The free slots of a cloud's last group
 * repeat those at the same places of the group before; these copies are keys.
 *
 * Clouds never mix. FlatFormer's own code mixes them where a cloud has fewer sites than a group (it borrows from the cloud
 * before, and fails without one) and where its batch offset of 10 grids is less than a cloud's keys span; here such a cloud
 * is one group of all its sites, and the order goes cloud by cloud. Elsewhere the groups are the same. Coordinates may be
 * negative. Made once per options and freed with the map.
 *
 * @throws RangeError unless windowSize and shift have an integer in range for each axis, groupSize is a positive integer
 *   and axes are different axes of the map
 */
export function flatFormerGroups(map: CoordinateMap, options: FlatFormerGroupsOptions): SiteSets {
  const op = 'flatFormerGroups';
  const { size, shift } = checkedWindows(op, options, map.rank);
  const { groupSize } = options;
  const axes = checkedAxes(op, options.axes, map.rank);
  requireSetSize(op, 'groupSize', groupSize);
  return map.derived(groupsOf.of(JSON.stringify([size, shift, axes, groupSize])), (own) => {
    const ofAxes = (values: readonly number[]) => axes.map((axis) => values[axis]);
    const curve = { curve: 'boustrophedon', axes, size: ofAxes(size), shift: ofAxes(shift) } as const;
    return own(new SiteSets(cutOrder(map, orderBy(map, curve), groupSize)));
  });
}
