import { CoordinateMap } from '@tfjs-sparse/core';
import { integers, randomAxes, randomMap, runsBy, sortedBy } from '../site-sets/random-maps-fixture.spec.js';
import { dsvtSets, type DsvtSetsOptions } from './op.js';

/** The formula of DSVT, slot by slot. */
function setsOf(map: CoordinateMap, { windowSize, shift = [], axes = [], setSize }: DsvtSetsOptions): number[] {
  const windowOf = ([cloud, ...cell]: readonly number[]) => [
    cloud,
    ...cell.map((coordinate, axis) => Math.floor((coordinate + shift[axis]) / windowSize[axis])),
  ];
  const ordered = sortedBy(map, (row) => [...windowOf(row), ...axes.map((axis) => row[1 + axis])]);
  const rows = (site: number) => [...map.coordinates.subarray(site * (1 + map.rank), (site + 1) * (1 + map.rank))];
  return runsBy(ordered, (site) => windowOf(rows(site)).join()).flatMap((window) => {
    const slots = Math.ceil(window.length / setSize) * setSize;
    return Array.from({ length: slots }, (_, slot) => window[Math.floor((slot * window.length) / slots)]);
  });
}

describe('dsvtSets', () => {
  for (const rank of [1, 2, 3, 4]) {
    it(`has the sites that the formula says: rank ${rank}`, () => {
      for (let seed = 1; seed <= 10; seed++) {
        const { map, name, random } = randomMap(rank, seed);
        const options: DsvtSetsOptions = {
          windowSize: integers(random, rank, 1, 40),
          shift: integers(random, rank, -9, 9),
          axes: randomAxes(random, rank),
          setSize: integers(random, 1, 1, 20)[0],
        };
        const filled = dsvtSets(map, { ...options, padding: 'repeats' });
        const context = `${name}, ${JSON.stringify(options)}`;
        expect([...filled.sites])
          .withContext(context)
          .toEqual(setsOf(map, options));
        expect(filled.haveEqualSizes).toBeTrue();
        const { starts, sites, places } = dsvtSets(map, options);
        const { distinct } = filled;
        expect([starts, sites, places])
          .withContext(context)
          .toEqual([distinct.starts, distinct.sites, distinct.places]);
      }
    });
  }

  it('has every site in one set only, whose first and last slots thus give the same', () => {
    for (let siteCount = 1; siteCount <= 60; siteCount++) {
      const { map } = CoordinateMap.fromCoordinates(
        Array.from({ length: siteCount }, (_, x) => [0, x]),
        1,
      );
      for (let setSize = 1; setSize <= 20; setSize++) {
        const options = { windowSize: [siteCount], setSize } as const;
        const { sites } = dsvtSets(map, { ...options, padding: 'repeats' });
        const setsOfSite = new Map<number, Set<number>>();
        sites.forEach((site, slot) => {
          setsOfSite.set(site, (setsOfSite.get(site) ?? new Set()).add(Math.floor(slot / setSize)));
        });
        expect([...setsOfSite.values()].every((sets) => sets.size === 1))
          .withContext(`${siteCount} sites in sets of ${setSize}`)
          .toBeTrue();
      }
    }
  });
});
