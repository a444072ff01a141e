import { CoordinateMap, orderBy } from '@tfjs-sparse/core';
import { randomMap } from '../site-sets/random-maps-fixture.spec.js';
import { serializedPatches } from './op.js';

/** Clouds of so many sites on a line. */
function clouds(...counts: readonly number[]): CoordinateMap {
  const rows = counts.flatMap((count, cloud) => Array.from({ length: count }, (_, x) => [cloud, x]));
  return CoordinateMap.fromCoordinates(rows, 1, { batchSize: counts.length }).map;
}

describe('serializedPatches', () => {
  for (const rank of [2, 3, 4]) {
    it(`follows the curve, with its first two axes exchanged for -trans: rank ${rank}`, () => {
      const { map, name } = randomMap(rank, 40 + rank);
      const [first, second, ...others] = Array.from({ length: rank }, (_, axis) => axis);
      for (const curve of ['z', 'hilbert'] as const) {
        const { places } = serializedPatches(map, { order: curve, patchSize: 1 });
        expect(places).withContext(name).toEqual(orderBy(map, { curve }).inverse);
        const exchanged = serializedPatches(map, { order: `${curve}-trans`, patchSize: 1 });
        const axes = [second, first, ...others];
        expect(exchanged.places).withContext(name).toEqual(orderBy(map, { curve, axes }).inverse);
      }
    });
  }

  it('leaves a small cloud one short patch, or lowers the size of all patches to it', () => {
    const map = clouds(5, 0, 2);
    const short = serializedPatches(map, { order: 'z', patchSize: 4 });
    expect([[...short.starts], [...short.sites]]).toEqual([[0, 4, 8, 10], [0, 1, 2, 3, 4, 1, 2, 3, 5, 6]]); // prettier-ignore
    const lowered = serializedPatches(map, { order: 'z', patchSize: 4, smallClouds: 'smallestCloud' });
    expect([[...lowered.starts], [...lowered.sites]]).toEqual([[0, 2, 4, 6, 8], [0, 1, 2, 3, 4, 3, 5, 6]]); // prettier-ignore
    expect([short.haveEqualSizes, lowered.haveEqualSizes]).toEqual([false, true]);
  });

  it('leaves a cloud of exactly one patch as it is', () => {
    expect([...serializedPatches(clouds(4), { order: 'z', patchSize: 4 }).sites]).toEqual([0, 1, 2, 3]);
  });

  it('tells Hilbert curves of different depths apart', () => {
    const { map } = randomMap(3, 50);
    const patches = (depth?: number) => serializedPatches(map, { order: 'hilbert', patchSize: 8, depth });
    const { depth } = { depth: 32 - Math.clz32(Math.max(...map.bounds.maximum.map((greatest, i) => (i === 0 ? 0 : greatest - Math.min(map.bounds.minimum[i], 0))))) }; // prettier-ignore
    expect(patches(depth).sites).toEqual(patches().sites);
    expect(patches(depth + 1).sites).not.toEqual(patches().sites);
  });
});
