import { CompressedRows, releaseWith, requireRange, type CoordinateMap } from '@tfjs-sparse/core';
import { cellCount, type Frame } from './frame.js';

/** Rows by coordinate map, then by frame; they go when their coordinate map goes. */
const rowsOfMaps = new WeakMap<CoordinateMap, Map<string, CompressedRows>>();

/**
 * The site in each cell of the frame of all clouds, row-major.
 *
 * @param fastest  the axis along which neighbouring cells lie; default the last
 * @throws RangeError in the name of `op` when a site lies outside
 */
export function cellRows(op: string, map: CoordinateMap, frame: Frame, fastest = map.rank - 1): CompressedRows {
  let ofMap = rowsOfMaps.get(map);
  if (!ofMap) rowsOfMaps.set(map, (ofMap = new Map()));
  const key = `${fastest}:${frame.origin.join()}:${frame.spatialShape.join()}`;
  let rows = ofMap.get(key);
  if (!rows) {
    const order = cellsOfSites(op, map, frame, fastest);
    const index = new Int32Array(cellCount(map, frame)).fill(-1);
    order.forEach((cell, site) => (index[cell] = site));
    const starts = Int32Array.from({ length: map.siteCount + 1 }, (_, site) => site);
    rows = CompressedRows.fromIndex(index, map.siteCount, { starts, order });
    releaseWith(map, rows);
    ofMap.set(key, rows);
  }
  return rows;
}

/** Int32 `[sites]` */
function cellsOfSites(
  op: string,
  { coordinates, siteCount, rank }: CoordinateMap,
  frame: Frame,
  fastest: number,
): Int32Array {
  const { origin, spatialShape } = frame;
  const axes = [...frame.origin.keys()].filter((axis) => axis !== fastest).concat(fastest);
  const cells = new Int32Array(siteCount);
  for (let site = 0; site < siteCount; site++) {
    const row = site * (1 + rank);
    let cell = coordinates[row];
    for (const axis of axes) {
      const offset = coordinates[row + 1 + axis] - origin[axis];
      if (offset < 0 || offset >= spatialShape[axis]) {
        const rule = `sites must lie inside [${spatialShape.join(', ')}] cells from [${origin.join(', ')}]`;
        requireRange(false, op, rule, coordinates.subarray(row + 1, row + 1 + rank));
      }
      cell = cell * spatialShape[axis] + offset;
    }
    cells[site] = cell;
  }
  return cells;
}
