import { derivedKey } from '../op/derived-values.js';
import type { RowMap } from '../rows/row-map.js';
import type { CoordinateMap } from './coordinate-map.js';
import { ascending } from './sites.js';

const clouds = derivedKey<RowMap>();

/** The sites of `map` by cloud: targets are sites, sources are clouds, those without sites too. Made once per map. */
export function groupByCloud(map: CoordinateMap): RowMap {
  return map.derived(clouds, (own) => {
    const { siteCount, batchSize, batchStarts } = map;
    const index = own(new Int32Array(siteCount));
    for (let cloud = 0; cloud < batchSize; cloud++) index.fill(cloud, batchStarts[cloud], batchStarts[cloud + 1]);
    return { index, starts: batchStarts, order: own(ascending(siteCount)) }; // sites are sorted by cloud
  });
}
