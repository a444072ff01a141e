// Not a spec itself: clouds of any rank and size, some of them empty, with negative coordinates.
import { CoordinateMap, seededRandom } from '@tfjs-sparse/core';

export interface RandomMap {
  /** `rank, seed`, for messages. */
  readonly name: string;
  readonly map: CoordinateMap;
  readonly random: () => number;
}

export function randomMap(rank: number, seed: number): RandomMap {
  const random = seededRandom(seed);
  const between = (least: number, greatest: number): number => least + Math.floor(random() * (greatest - least + 1));
  const span = between(2, 40);
  const rows: number[] = [];
  const batchSize = between(1, 5);
  for (let cloud = 0; cloud < batchSize; cloud++) {
    const points = random() < 0.2 ? 0 : between(1, 90);
    for (let point = 0; point < points; point++) {
      rows.push(cloud, ...Array.from({ length: rank }, () => between(-span, span)));
    }
  }
  return { name: `rank ${rank}, seed ${seed}`, map: CoordinateMap.fromRows(rows, rank, { batchSize }).map, random };
}

/** `count` random integers. */
export function integers(random: () => number, count: number, least: number, greatest: number): number[] {
  return Array.from({ length: count }, () => least + Math.floor(random() * (greatest - least + 1)));
}

/** All of `count` axes in a random order. */
export function randomAxes(random: () => number, count: number): number[] {
  const keys = Array.from({ length: count }, random);
  return [...keys.keys()].sort((a, b) => keys[a] - keys[b]);
}

/** Batch index and coordinates of a site. */
export function rowOf({ coordinates, rank }: CoordinateMap, site: number): number[] {
  return [...coordinates.subarray(site * (1 + rank), (site + 1) * (1 + rank))];
}

/** The sites by the numbers that `keyOf` makes of their rows, equal ones ascending. */
export function sortedBy(map: CoordinateMap, keyOf: (row: readonly number[]) => readonly number[]): number[] {
  const keys = Array.from({ length: map.siteCount }, (_, site) => keyOf(rowOf(map, site)));
  return [...keys.keys()].sort((a, b) => {
    const digit = keys[a].findIndex((value, i) => value !== keys[b][i]);
    return digit < 0 ? a - b : keys[a][digit] - keys[b][digit];
  });
}

/** Consecutive runs of items with the same name. */
export function runsBy<T>(items: readonly T[], nameOf: (item: T) => string): T[][] {
  const runs: T[][] = [];
  items.forEach((item, i) => {
    if (i === 0 || nameOf(items[i - 1]) !== nameOf(item)) runs.push([]);
    runs[runs.length - 1].push(item);
  });
  return runs;
}
