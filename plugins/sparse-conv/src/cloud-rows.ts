import { CompressedRows, releaseWith, type CoordinateMap } from '@tfjs-sparse/core';

/** Rows by coordinate map; they go when their map goes. */
const cloudsOfMaps = new WeakMap<CoordinateMap, CompressedRows>();

/** The cloud of each site of `map`; transposed, the sites of each cloud. Sites are sorted by cloud. */
export function cloudRows(map: CoordinateMap): CompressedRows {
  let rows = cloudsOfMaps.get(map);
  if (!rows) {
    const index = new Int32Array(map.siteCount);
    for (let cloud = 0; cloud < map.batchSize; cloud++) {
      index.fill(cloud, map.batchStarts[cloud], map.batchStarts[cloud + 1]);
    }
    const sites = Int32Array.from(index, (_cloud, site) => site);
    rows = CompressedRows.fromIndex(index, map.batchSize, { starts: map.batchStarts, order: sites });
    releaseWith(map, rows);
    cloudsOfMaps.set(map, rows);
  }
  return rows;
}
