import { CoordinateMap } from '@tfjs-sparse/core';
import { integers, randomAxes, randomMap, sortedBy } from '../site-sets/random-maps-fixture.spec.js';
import { flatFormerGroups, type FlatFormerGroupsOptions } from './op.js';

/** The sites along the line: each digit runs backwards where the sum of those that decide its direction is odd. */
function lineOf(map: CoordinateMap, { windowSize, shift = [], axes = [] }: FlatFormerGroupsOptions): number[] {
  return sortedBy(map, ([cloud, ...cell]) => {
    const windows = axes.map((axis) => Math.floor((cell[axis] + shift[axis]) / windowSize[axis]));
    const places = axes.map((axis, i) => cell[axis] + shift[axis] - windows[i] * windowSize[axis]).reverse();
    const directed = (values: readonly number[], before: number): number[] =>
      values.map((value, i) => {
        const sum = values.slice(0, i).reduce((total, each) => total + each, before);
        return sum % 2 === 0 ? value : -value;
      });
    const rowOfWindows = windows.slice(0, -1).reduce((total, each) => total + each, 0);
    return [cloud, ...directed(windows, 0), ...directed(places, rowOfWindows)];
  });
}

/** Groups of whole clouds, the last one filled up from the group before. */
function groupsOf(line: readonly number[], groupSize: number): number[][] {
  const groups: number[][] = [];
  for (let first = 0; first < line.length; first += groupSize) groups.push(line.slice(first, first + groupSize));
  const [before, last] = groups.slice(-2);
  if (last) last.push(...before.slice(last.length));
  return groups;
}

describe('flatFormerGroups', () => {
  for (const rank of [1, 2, 3, 4]) {
    it(`follows the line cloud by cloud: rank ${rank}`, () => {
      for (let seed = 1; seed <= 10; seed++) {
        const { map, name, random } = randomMap(rank, seed);
        const options: FlatFormerGroupsOptions = {
          windowSize: integers(random, rank, 1, 12),
          shift: integers(random, rank, -9, 9),
          axes: randomAxes(random, rank),
          groupSize: integers(random, 1, 1, 20)[0],
        };
        const { starts, sites, isKey } = flatFormerGroups(map, options);
        const line = lineOf(map, options);
        const clouds = Array.from(map.batchStarts.subarray(1), (end, cloud) => line.slice(map.batchStarts[cloud], end));
        const expected = clouds.flatMap((cloud) => groupsOf(cloud, options.groupSize));
        const found = Array.from(starts.subarray(1), (end, group) => [...sites.subarray(starts[group], end)]);
        expect(found)
          .withContext(`${name}, ${JSON.stringify(options)}`)
          .toEqual(expected);
        expect(isKey).toBeNull();
      }
    });
  }

  it('makes one group of a cloud with fewer sites than a group, also of the first', () => {
    const { map } = CoordinateMap.fromCoordinates([[0, 0], [0, 1], [2, 0], [2, 1], [2, 2], [2, 3], [2, 4]], 1); // prettier-ignore
    const { starts, sites, haveEqualSizes } = flatFormerGroups(map, { windowSize: [9], groupSize: 3 });
    expect([...starts]).toEqual([0, 2, 5, 8]);
    expect([...sites]).toEqual([0, 1, 2, 3, 4, 5, 6, 4]);
    expect(haveEqualSizes).toBeFalse();
  });
});
