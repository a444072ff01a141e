import { derivedKey } from '../op/derived-values.js';
import { CompressedRows } from '../rows/compressed-rows.js';
import type { CoordinateMap } from './coordinate-map.js';
import { ascending } from './sites.js';

const clouds = derivedKey<CompressedRows>();

/** The sites of each cloud of `map`, of those without sites too; transposed, the cloud of each site. Made once per map. */
export function groupByCloud(map: CoordinateMap): CompressedRows {
  return map.derived(clouds, (own) => {
    const { siteCount, batchSize, batchStarts } = map;
    const index = new Int32Array(siteCount);
    for (let cloud = 0; cloud < batchSize; cloud++) index.fill(cloud, batchStarts[cloud], batchStarts[cloud + 1]);
    const byCloud = { starts: batchStarts, order: ascending(siteCount) }; // sites are sorted by cloud
    return own(CompressedRows.fromIndex(index, batchSize, byCloud).transposed);
  });
}
