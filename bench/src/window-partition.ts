import { CoordinateMap, groupBy, orderBy } from '@tfjs-sparse/core';
import type { Frame } from './frames.js';
import { measure } from './measure.js';

const size = [12, 12, 32]; // DSVT's windows, and its second order within them
const shift = [6, 6, 0];
const axes = [1, 0, 2];

/** Sites to windows, and their order within each, against JavaScript's Map and sort. */
export async function measureWindowPartition(points: Float32Array, frame: Frame, voxelSize: number) {
  const { map } = CoordinateMap.fromPoints(points, 3, { voxelSize, pointStride: frame.floatsPerPoint });
  const ours = (): Int32Array => {
    map.dispose(); // nothing stays from the run before
    return orderBy(map, { curve: 'lexicographic', axes }, groupBy(map, { size, shift })).order;
  };
  const jsMap = (): Int32Array => partitionByMap(map.coordinates);
  const [order, expected] = [ours(), jsMap()];
  const wrong = expected.findIndex((site, i) => site !== order[i]);
  if (wrong >= 0 || order.length !== expected.length) {
    const rule = `windows: both ways must give one order, with site ${expected[wrong]} at ${wrong}`;
    throw new Error(`${rule}, got site ${order[wrong]}`);
  }
  const times = await measure({ ours: () => void ours(), jsMap: () => void jsMap() });
  return { ours: times.ours, jsMap: times.jsMap / times.ours, sites: map.siteCount };
}

/** @param coordinates int32 `[sites, 4]` */
function partitionByMap(coordinates: Int32Array): Int32Array {
  const span = 2 ** 17; // more than the cells of any of the frames; three axes stay below 2^53
  const windows = new Map<number, number[]>();
  for (let site = 0; site * 4 < coordinates.length; site++) {
    const window = size.reduce((number, cells, axis) => {
      return number * span + span / 2 + Math.floor((coordinates[site * 4 + 1 + axis] + shift[axis]) / cells);
    }, 0);
    const sites = windows.get(window);
    if (sites) sites.push(site);
    else windows.set(window, [site]);
  }
  const compare = (a: number, b: number): number => {
    const axis = axes.find((each) => coordinates[a * 4 + 1 + each] !== coordinates[b * 4 + 1 + each])!;
    return coordinates[a * 4 + 1 + axis] - coordinates[b * 4 + 1 + axis];
  };
  const ascending = [...windows].sort(([a], [b]) => a - b);
  return Int32Array.from(ascending.flatMap(([, sites]) => sites.sort(compare)));
}
