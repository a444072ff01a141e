import { releaseWith, type CoordinateMap, type RowMap } from '@tfjs-sparse/core';

/** Row maps from sites to clouds by coordinate map; one goes when its map goes. */
const rowMaps = new WeakMap<CoordinateMap, RowMap>();

/** Targets are the sites of `map`, sources its clouds. Sites are sorted by cloud. */
export function cloudRows(map: CoordinateMap): RowMap {
  let rows = rowMaps.get(map);
  if (!rows) {
    const index = new Int32Array(map.siteCount);
    for (let cloud = 0; cloud < map.batchSize; cloud++) {
      index.fill(cloud, map.batchStarts[cloud], map.batchStarts[cloud + 1]);
    }
    rows = { index, starts: map.batchStarts, order: Int32Array.from(index, (_cloud, site) => site) };
    for (const table of [rows.index, rows.order]) releaseWith(map, table);
    rowMaps.set(map, rows);
  }
  return rows;
}
