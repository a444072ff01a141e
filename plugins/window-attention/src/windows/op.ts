import { derivedKey, orderWindows, type CoordinateMap } from '@tfjs-sparse/core';
import { SiteSets } from '../site-sets/site-sets.js';
import { checkedWindows, type WindowOptions } from '../window-options.js';

const windowSets = derivedKey<SiteSets>();

/**
 * The sites of each window, ascending, as a set: as many as the window has. A window is the box of cells with the same
 * `floor((coordinate + shift) / windowSize)`, in one cloud; coordinates may be negative. Windows ascend by cloud, then by
 * axis. Made once per options and freed with the map.
 *
 * @throws RangeError unless windowSize and shift have an integer in range for each axis
 */
export function windows(map: CoordinateMap, options: WindowOptions): SiteSets {
  const key = checkedWindows('windows', options, map.rank);
  return map.derived(windowSets.of(JSON.stringify(key)), (own) => {
    const { order: sites, inverse: places, starts } = orderWindows(map, key);
    return own(new SiteSets({ starts, sites, places, isKey: null }));
  });
}
