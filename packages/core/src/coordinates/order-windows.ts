import { derivedKey } from '../op/derived-values.js';
import { hasSimd } from '../wasm/features.js';
import { withHostArena } from '../wasm/host-memory.js';
import { checkedAxes, integersPerAxis, windowShifts, windowSizes } from './axis-options.js';
import type { CoordinateMap } from './coordinate-map.js';
import { sortableIndexBits } from './group-keys.js';
import type { GroupKey } from './group-by.js';
import { indexKernels } from './index-kernels.js';
import { planOf, type KeyPlan } from './key-plan.js';
import type { SiteOrder } from './order-by.js';
import { writePlannedKeys } from './planned-keys.js';
import { digitRows, sortedSites } from './reference-keys.js';
import { cloudDigit, type Digit } from './site-digits.js';
import { sortKeys } from './sort-keys.js';
import type { Sites } from './sites.js';

/** Sites window by window. */
export interface WindowOrder extends SiteOrder {
  /** Int32 `[windows + 1]`: where each window that has sites starts in `order`. */
  readonly starts: Int32Array;
}

const windowOrders = derivedKey<WindowOrder>();

/**
 * The sites of `map` by window, and in each by one of `places` after the other: what `groupBy` and a lexicographic `orderBy`
 * of its groups give, by one sort instead of two and without a map of the windows. Equal ones ascend. Made once per key and
 * places, and freed with the map.
 *
 * @param places axes, the one that counts most first; default none
 * @throws RangeError when the windows or places do not fit the rank
 */
export function orderWindows(map: CoordinateMap, key: GroupKey, places: readonly number[] = []): WindowOrder {
  const op = 'orderWindows';
  const axes = checkedAxes(op, key.axes, map.rank);
  const size = integersPerAxis(op, 'size', key.size, axes.length, windowSizes);
  const shift = integersPerAxis(op, 'shift', key.shift, axes.length, windowShifts);
  if (places.length > 0) checkedAxes(op, places, map.rank);
  return map.derived(windowOrders.of([axes, size, shift, places].join('|')), (own) => {
    const windows = axes.map((axis, i): Digit => ({ ...cloudDigit, column: 1 + axis, shift: shift[i], size: size[i] }));
    const inside = places.map((axis): Digit => {
      const window = windows.find(({ column }) => column === 1 + axis);
      return window ? { ...window, isPlace: true } : { ...cloudDigit, column: 1 + axis };
    });
    const { order, inverse, starts } = sortWindows(map.sites, [cloudDigit, ...windows], inside);
    return { order: own(order), inverse: own(inverse), starts: own(starts) };
  });
}

function sortWindows(sites: Sites, windows: readonly Digit[], inside: readonly Digit[]): WindowOrder {
  const plan = planOf(sites.bounds, [...windows, ...inside]);
  const indexBits = sortableIndexBits(plan.bits, sites.count);
  if (sites.count > 0 && hasSimd() && indexBits !== null) return sortByKeys(sites, plan, windows.length, indexBits);
  const order = sortedSites(sites, plan);
  const inverse = new Int32Array(order.length);
  order.forEach((site, position) => (inverse[site] = position));
  return { order, inverse, starts: startsOf(order, digitRows(sites, windows), windows.length) };
}

function sortByKeys(sites: Sites, plan: KeyPlan, windowDigits: number, indexBits: number): WindowOrder {
  return withHostArena((arena) => {
    const kernels = indexKernels();
    const { count } = sites;
    const keys = writePlannedKeys(arena, sites, plan, indexBits);
    const sorted = sortKeys(arena, keys, count, indexBits, plan.bits);
    const [order, inverse, starts] = [count, count, count + 1].map((length) => arena.alloc(length * 4));
    kernels.listIndices(sorted, count, indexBits, order, inverse);
    const placeBits = plan.ranges.slice(windowDigits).reduce((sum, { bits }) => sum + bits, 0);
    const windows = kernels.startGroups(sorted, count, indexBits + placeBits, starts);
    return {
      order: arena.int32(order, count).slice(),
      inverse: arena.int32(inverse, count).slice(),
      starts: arena.int32(starts, windows + 1).slice(),
    };
  });
}

/** @param rows int32 `[sites, columns]`: what the sites of a window share */
function startsOf(order: Int32Array, rows: Int32Array, columns: number): Int32Array {
  const starts: number[] = [];
  const window = (position: number): string =>
    rows.subarray(order[position] * columns, (order[position] + 1) * columns).join();
  for (let position = 0; position < order.length; position++) {
    if (position === 0 || window(position - 1) !== window(position)) starts.push(position);
  }
  return Int32Array.from([...starts, order.length]);
}
