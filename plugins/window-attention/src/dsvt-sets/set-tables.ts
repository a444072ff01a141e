import type { WindowOrder } from '@tfjs-sparse/core';
import { requireSlots } from '../site-sets/require-set-size.js';
import type { SetTables } from '../site-sets/site-sets.js';

/** The sites of each window, spread evenly over as few sets of at most `setSize` as they need. */
export function evenSets({ order, inverse, starts: windows }: WindowOrder, setSize: number): SetTables {
  const starts = new Int32Array(setCountOf(windows, setSize) + 1);
  let set = 0;
  for (let window = 0; window + 1 < windows.length; window++) {
    const siteCount = windows[window + 1] - windows[window];
    const sets = Math.ceil(siteCount / setSize);
    for (let s = 1; s <= sets; s++) starts[++set] = windows[window] + Math.floor((s * siteCount) / sets);
  }
  return { starts, sites: order, places: inverse, isKey: null };
}

/** The same with `setSize` slots in every set, over which the sites of a window are spread evenly. */
export function filledSets({ order, starts: windows }: WindowOrder, setSize: number): SetTables {
  const setCount = setCountOf(windows, setSize);
  requireSlots('dsvtSets', setCount * setSize);
  const sites = new Int32Array(setCount * setSize);
  const isKey = new Int32Array(sites.length);
  const places = new Int32Array(order.length);
  let slot = 0;
  for (let window = 0; window + 1 < windows.length; window++) {
    const siteCount = windows[window + 1] - windows[window];
    const slotCount = Math.ceil(siteCount / setSize) * setSize;
    const [wholeSlots, remainder] = [Math.floor(slotCount / siteCount), slotCount % siteCount];
    // Rank k ends at ceil((k + 1) * slotCount / siteCount), where the first slot s has floor(s * siteCount / slotCount) > k.
    let excess = 0;
    let end = slot;
    for (let position = windows[window]; position < windows[window + 1]; position++) {
      const site = order[position];
      places[site] = slot;
      isKey[slot] = 1;
      end += wholeSlots;
      excess += remainder;
      if (excess > 0) {
        end++;
        excess -= siteCount;
      }
      for (; slot < end; slot++) sites[slot] = site;
    }
  }
  return { starts: multiples(setSize, setCount), sites, places, isKey };
}

function setCountOf(windows: Int32Array, setSize: number): number {
  let count = 0;
  for (let window = 1; window < windows.length; window++) {
    count += Math.ceil((windows[window] - windows[window - 1]) / setSize);
  }
  return count;
}

/** 0, step, 2 * step, ... */
function multiples(step: number, count: number): Int32Array {
  const numbers = new Int32Array(count + 1);
  for (let i = 0; i <= count; i++) numbers[i] = i * step;
  return numbers;
}
