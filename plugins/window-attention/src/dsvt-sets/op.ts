import { checkedAxes, derivedKey, orderWindows, requireRange, type CoordinateMap } from '@tfjs-sparse/core';
import { requireSetSize } from '../site-sets/require-set-size.js';
import { SiteSets } from '../site-sets/site-sets.js';
import { checkedWindows, type WindowOptions } from '../window-options.js';
import { evenSets, filledSets } from './set-tables.js';

export interface DsvtSetsOptions extends WindowOptions {
  /** The most sites of a set. */
  readonly setSize: number;
  /**
   * The axes by which the sites of a window are sorted, the one that counts most first; default all in their order. Of a map
   * with axes x, y, z DSVT's x sets have `[0, 1, 2]`, its y sets `[1, 0, 2]`.
   */
  readonly axes?: readonly number[];
  /**
   * With `repeats` every set has `setSize` slots, as DSVT's own: sites repeat, and only the first slot of each is a key.
   * Attention gives the same, bit for bit, for more work than with `none`, the default.
   */
  readonly padding?: 'none' | 'repeats';
}

const dsvtSetsOf = derivedKey<SiteSets>();

/**
 * DSVT's sets: the n sites of a window, sorted by `axes`, spread evenly over ceil(n / setSize) sets. Set s starts with the
 * site of rank `floor(s * n / sets)`; with repeats, its slot j has that of rank
 * `floor((s * setSize + j) * n / (sets * setSize))`. Every site is in one set, so whether the first of its slots or the last
 * (DSVT's ONNX export) gives it its result makes no difference. Windows, as `windows` has them, ascend by cloud, then by
 * axis; one with fewer sites than `setSize` is one set. Made once per options and freed with the map.
 *
 * @throws RangeError unless windowSize and shift have an integer in range for each axis, setSize is a positive integer and
 *   axes are different axes of the map
 */
export function dsvtSets(map: CoordinateMap, options: DsvtSetsOptions): SiteSets {
  const op = 'dsvtSets';
  const key = checkedWindows(op, options, map.rank);
  const { setSize, padding = 'none' } = options;
  const axes = checkedAxes(op, options.axes, map.rank);
  requireSetSize(op, 'setSize', setSize);
  requireRange(padding === 'none' || padding === 'repeats', op, "padding must be 'none' or 'repeats'", padding);
  return map.derived(dsvtSetsOf.of(JSON.stringify([key, axes, setSize, padding])), (own) => {
    const order = orderWindows(map, key, axes);
    return own(new SiteSets(padding === 'none' ? evenSets(order, setSize) : filledSets(order, setSize)));
  });
}
