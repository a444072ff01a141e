import { requireRange } from '../errors.js';
import { derivedKey } from '../op/derived-values.js';
import { hasSimd } from '../wasm/features.js';
import { withHostArena } from '../wasm/host-memory.js';
import type { CoordinateMap } from './coordinate-map.js';
import { curveKeys } from './curve-keys.js';
import { checkedCurve, type Curve } from './curves.js';
import type { SiteGroups } from './group-by.js';
import { groupKeys, sortableIndexBits } from './group-keys.js';
import { indexKernels } from './index-kernels.js';
import { keyPlan, type KeyPlan } from './key-plan.js';
import { writePlannedKeys } from './planned-keys.js';
import { sortedSites } from './reference-keys.js';
import { sortKeys } from './sort-keys.js';
import type { Sites } from './sites.js';

/** Sites in another order. */
export interface SiteOrder {
  /** Int32 `[sites]`: the site at each position. */
  readonly order: Int32Array;
  /** Int32 `[sites]`: the position of each site, which undoes the order. */
  readonly inverse: Int32Array;
}

const orders = derivedKey<SiteOrder>();

const maximumOrderBits = 63; // u64.MAX_VALUE is no key (groupSorted, findKeys)

/**
 * The sites of `map` along `curve`, cloud by cloud or, with `groups` of the map, group by group; equal ones ascend. Made
 * once per curve and groups, and freed with the map.
 *
 * @throws RangeError when the curve does not fit the map, or groups are those of other sites
 */
export function orderBy(map: CoordinateMap, curve: Curve, groups?: SiteGroups): SiteOrder {
  const checked = checkedCurve(curve, map.rank);
  requireRange(
    !groups || groups.rows.columnCount === map.siteCount,
    'orderBy',
    `groups must be those of ${map.siteCount} sites (as map)`,
    groups?.rows.columnCount,
  );
  const key = orders.of(JSON.stringify(checked));
  return map.derived(groups ? key.with(groups) : key, (own) => {
    const { order, inverse } = sortSites(map.sites, keyPlan(map.sites.bounds, checked, groups));
    return { order: own(order), inverse: own(inverse) };
  });
}

function sortSites(sites: Sites, plan: KeyPlan): SiteOrder {
  if (sites.count > 0 && hasSimd() && plan.bits <= maximumOrderBits) return sortByKeys(sites, plan);
  const order = sortedSites(sites, plan);
  const inverse = new Int32Array(order.length);
  order.forEach((site, position) => (inverse[site] = position));
  return { order, inverse };
}

function sortByKeys(sites: Sites, plan: KeyPlan): SiteOrder {
  return withHostArena((arena) => {
    const kernels = indexKernels();
    const { count } = sites;
    const indexBits = sortableIndexBits(plan.bits, count);
    const keys = writePlannedKeys(arena, sites, plan, indexBits, curveKeys);
    const inverse = arena.alloc(count * 4);
    let order: number;
    if (indexBits === null) {
      order = groupKeys(arena, keys, count, plan.bits, null).order;
      kernels.invertOrder(order, count, inverse);
    } else {
      const sorted = sortKeys(arena, keys, count, indexBits, plan.bits);
      order = arena.alloc(count * 4);
      kernels.listIndices(sorted, count, indexBits, order, inverse);
    }
    return { order: arena.int32(order, count).slice(), inverse: arena.int32(inverse, count).slice() };
  });
}
