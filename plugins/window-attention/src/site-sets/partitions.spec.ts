import { memory } from '@tensorflow/tfjs-core';
import { CoordinateMap } from '@tfjs-sparse/core';
import { dsvtSets } from '../dsvt-sets/op.js';
import { flatFormerGroups } from '../flat-former-groups/op.js';
import { serializedPatches } from '../serialized-patches/op.js';
import { windows } from '../windows/op.js';
import { randomMap, rowOf } from './random-maps-fixture.spec.js';
import type { SetTables, SiteSets } from './site-sets.js';

const sizes = (map: CoordinateMap) => [5, 3, 4, 2].slice(0, map.rank);

const partitions: Readonly<Record<string, (map: CoordinateMap) => SiteSets>> = {
  windows: (map) => windows(map, { windowSize: sizes(map) }),
  'dsvtSets without padding': (map) => dsvtSets(map, { windowSize: sizes(map), setSize: 4 }),
  'dsvtSets with repeats': (map) => dsvtSets(map, { windowSize: sizes(map), setSize: 7, padding: 'repeats' }),
  flatFormerGroups: (map) => flatFormerGroups(map, { windowSize: sizes(map), groupSize: 11 }),
  'serializedPatches with short ones': (map) => serializedPatches(map, { order: 'z', patchSize: 16 }),
  'serializedPatches of the smallest cloud': (map) =>
    serializedPatches(map, { order: 'hilbert', patchSize: 16, smallClouds: 'smallestCloud' }),
};

const tablesOf = ({ starts, sites, places, isKey }: SetTables): SetTables => ({ starts, sites, places, isKey });

for (const [name, partition] of Object.entries(partitions)) {
  describe(name, () => {
    for (const rank of [1, 2, 3, 4]) {
      it(`gives every site a place and mixes no clouds: rank ${rank}`, () => {
        for (let seed = 1; seed <= 12; seed++) {
          const { map, name } = randomMap(rank, 100 * rank + seed);
          const { starts, sites, places, isKey, largestSize } = partition(map);
          const context = expect(places.length).withContext(name);
          context.toBe(map.siteCount);
          expect([...places].map((slot) => sites[slot]))
            .withContext(name)
            .toEqual([...places.keys()]);
          expect([starts[0], starts[starts.length - 1]])
            .withContext(name)
            .toEqual([0, sites.length]);
          for (let set = 0; set + 1 < starts.length; set++) {
            const clouds = [...sites.subarray(starts[set], starts[set + 1])].map((site) => rowOf(map, site)[0]);
            expect(new Set(clouds).size).withContext(name).toBe(1);
            expect(clouds.length).withContext(name).toBeLessThanOrEqual(largestSize);
            for (let slot = starts[set]; isKey && slot < starts[set + 1]; slot++) {
              const isRepeat = slot > starts[set] && sites[slot] === sites[slot - 1];
              expect(isKey[slot])
                .withContext(name)
                .toBe(isRepeat ? 0 : 1);
            }
          }
        }
      });
    }

    it('is the same without wasm', () => {
      const [map, plainMap] = [1, 2].map(() => randomMap(3, 77).map);
      const found = tablesOf(partition(map));
      spyOn(WebAssembly, 'validate').and.returnValue(false);
      expect(found).toEqual(tablesOf(partition(plainMap)));
    });

    it('is empty without sites, and one set of one site', () => {
      const empty = tablesOf(partition(CoordinateMap.fromCoordinates([], 3, { batchSize: 2 }).map));
      expect([empty.starts.length, empty.sites.length, empty.places.length]).toEqual([1, 0, 0]);
      const { setCount, sites, places } = partition(CoordinateMap.fromCoordinates([1, -5, 0, 7], 3).map);
      expect([setCount, new Set(sites).size, places[0]]).toEqual([1, 1, 0]);
    });

    it('is made once, forgotten with the map, and makes no tensors', () => {
      const tensors = memory().numTensors;
      const { map } = randomMap(3, 78);
      const sets = partition(map);
      expect(partition(map)).toBe(sets);
      map.dispose();
      expect(partition(map)).not.toBe(sets);
      expect(memory().numTensors).toBe(tensors);
    });
  });
}
