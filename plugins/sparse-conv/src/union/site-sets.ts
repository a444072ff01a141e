import { CompressedRows, CoordinateMap, requireRange } from '@tfjs-sparse/core';

/** Unions by both operands; one goes when an operand goes. */
const unions = new WeakMap<CoordinateMap, WeakMap<CoordinateMap, CoordinateMap>>();

/** Rows by target, then by source map; device copies go with the first of the two that is collected. */
const rowsOfMaps = new WeakMap<CoordinateMap, WeakMap<CoordinateMap, CompressedRows>>();

/**
 * The sites that any of the maps has; one of the maps itself where it has them all, so that what is cached on it serves
 * again. Made once per pair.
 *
 * @throws RangeError in the name of `op` when rank or stride differ
 */
export function unionOf(op: string, maps: readonly CoordinateMap[]): CoordinateMap {
  return maps.reduce((union, map) => {
    requireRange(map.rank === union.rank, op, `operands must have rank ${union.rank} (as the first)`, map.rank);
    requireRange(
      String(map.stride) === String(union.stride),
      op,
      `operands must have stride [${union.stride.join(', ')}] (as the first)`,
      map.stride,
    );
    return unionOfTwo(union, map);
  });
}

/** Targets are the sites of `target`, sources those of `map`; null when they are the same. `target` has all of `map`. */
export function rowsInto(target: CoordinateMap, map: CoordinateMap): CompressedRows | null {
  if (map.siteCount === target.siteCount) return null;
  let ofTarget = rowsOfMaps.get(target);
  if (!ofTarget) rowsOfMaps.set(target, (ofTarget = new WeakMap()));
  let rows = ofTarget.get(map);
  if (!rows) ofTarget.set(map, (rows = findRows(target, map)));
  return rows;
}

/** For each site of `target` the site of `map` with the same coordinates, or -1. */
export function siteIndices(target: CoordinateMap, map: CoordinateMap): Int32Array {
  const index = new Int32Array(target.siteCount).fill(-1);
  let site = 0;
  for (let row = 0; row < index.length && site < map.siteCount; row++) {
    while (site < map.siteCount && compareSites(map, site, target, row) < 0) site++;
    if (site < map.siteCount && compareSites(map, site, target, row) === 0) index[row] = site;
  }
  return index;
}

function unionOfTwo(a: CoordinateMap, b: CoordinateMap): CoordinateMap {
  if (a === b) return a;
  let ofA = unions.get(a);
  if (!ofA) unions.set(a, (ofA = new WeakMap()));
  let union = ofA.get(b);
  if (!union) ofA.set(b, (union = merge(a, b)));
  return union;
}

function merge(a: CoordinateMap, b: CoordinateMap): CoordinateMap {
  const columns = 1 + a.rank;
  const rows = new Int32Array((a.siteCount + b.siteCount) * columns);
  let [siteOfA, siteOfB, count] = [0, 0, 0];
  while (siteOfA < a.siteCount || siteOfB < b.siteCount) {
    const order = compareSites(a, siteOfA, b, siteOfB);
    const [map, site] = order <= 0 ? [a, siteOfA] : [b, siteOfB];
    for (let column = 0; column < columns; column++) {
      rows[count * columns + column] = map.coordinates[site * columns + column];
    }
    if (order <= 0) siteOfA++;
    if (order >= 0) siteOfB++;
    count++;
  }
  const [batchSize, spatialShape] = [Math.max(a.batchSize, b.batchSize), commonShape(a, b)];
  const holdsAll = (map: CoordinateMap) =>
    map.siteCount === count && map.batchSize === batchSize && String(map.spatialShape) === String(spatialShape);
  if (holdsAll(a)) return a;
  if (holdsAll(b)) return b;
  const { stride, rank } = a;
  const options = { batchSize, stride, spatialShape: spatialShape ?? undefined };
  return CoordinateMap.fromCoordinates(rows.slice(0, count * columns), rank, options).map;
}

/** The least box that holds both grids; null where one is unbounded. */
function commonShape(a: CoordinateMap, b: CoordinateMap): readonly number[] | null {
  return a.spatialShape && b.spatialShape && a.spatialShape.map((size, axis) => Math.max(size, b.spatialShape![axis]));
}

/** Negative when site i of `a` comes before site j of `b`; a site behind the last comes after all. */
function compareSites(a: CoordinateMap, i: number, b: CoordinateMap, j: number): number {
  if (i === a.siteCount || j === b.siteCount) return i === a.siteCount ? 1 : -1;
  const columns = 1 + a.rank;
  for (let column = 0; column < columns; column++) {
    const difference = a.coordinates[i * columns + column] - b.coordinates[j * columns + column];
    if (difference !== 0) return difference;
  }
  return 0;
}

function findRows(target: CoordinateMap, map: CoordinateMap): CompressedRows {
  const index = siteIndices(target, map);
  const order = new Int32Array(map.siteCount);
  index.forEach((site, row) => site >= 0 && (order[site] = row));
  const starts = Int32Array.from({ length: map.siteCount + 1 }, (_, site) => site);
  return CompressedRows.fromIndex(index, map.siteCount, { starts, order });
}
