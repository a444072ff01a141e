import { deviceCopy } from '../op/tables.js';
import { seededRandom } from '../random.js';
import { CoordinateMap } from './coordinate-map.js';
import { groupBy, type GroupKey } from './group-by.js';
import { groupByCloud } from './group-by-cloud.js';
import { randomRows, spans } from './random-rows-fixture.spec.js';
import * as reference from './reference.js';

/** Some of the axes in any order, with windows on most of them. */
function randomKey(random: () => number, rank: number): Required<GroupKey> {
  const all = Array.from({ length: rank }, (_, axis) => axis).sort(() => (random() < 0.5 ? -1 : 1));
  const axes = all.slice(0, 1 + Math.floor(random() * rank));
  const size = axes.map(() => 1 + Math.floor(random() * 5));
  return { axes, size, shift: size.map((cells) => Math.floor((random() - 0.5) * 3 * cells)) };
}

function expectedGroups(map: CoordinateMap, { axes, size, shift }: Required<GroupKey>): reference.PlainGrouping {
  const rows: number[] = [];
  for (let i = 0; i < map.coordinates.length; i += 1 + map.rank) {
    rows.push(map.coordinates[i]);
    axes.forEach((axis, each) => {
      rows.push(Math.floor((map.coordinates[i + 1 + axis] + shift[each]) / size[each]));
    });
  }
  return reference.groupRows(Int32Array.from(rows), 1 + axes.length);
}

describe('groupBy', () => {
  for (const span of spans) {
    for (const rank of [1, 2, 3, 4]) {
      for (const hasSimd of [true, false]) {
        it(`groups as a sort of rows does: ${span.name}, rank ${rank}, ${hasSimd ? 'wasm' : 'plain'}`, () => {
          if (!hasSimd) spyOn(WebAssembly, 'validate').and.returnValue(false);
          const random = seededRandom(rank);
          const { map } = CoordinateMap.fromRows(randomRows(random, rank, span), rank);
          for (let i = 0; i < 8; i++) {
            const key = randomKey(random, rank);
            const context = `seed ${rank}, key ${JSON.stringify(key)}`;
            const { coordinates, inverse, pointStarts, pointOrder } = expectedGroups(map, key);
            const groups = groupBy(map, key);
            expect(groups.map.coordinates).withContext(context).toEqual(coordinates);
            expect(groups.rows.transposed.index).withContext(context).toEqual(inverse);
            expect(groups.rows.starts).withContext(context).toEqual(pointStarts);
            expect(groups.rows.columns).withContext(context).toEqual(pointOrder);
            expect(groups.map.bounds).toEqual(reference.boundsOf(coordinates, 1 + key.axes.length));
          }
        });
      }
    }
  }

  it('gives groups that are sites: grid, stride and clouds go with them', () => {
    const options = { spatialShape: [10, 12], stride: [1, 2], batchSize: 3 };
    const { map } = CoordinateMap.fromCoordinates([0, 3, 4, 0, 9, 11, 2, 3, 7], 2, options);
    const windows = groupBy(map, { size: [4, 4], shift: [2, 0] }).map;
    expect([...windows.coordinates]).toEqual([0, 1, 1, 0, 2, 2, 2, 1, 1]);
    expect([windows.stride, windows.spatialShape, windows.batchSize]).toEqual([[4, 8], [3, 3], 3]);
    expect(groupBy(map, { shift: [-1, 0] }).map.spatialShape).toBeNull();
    const turned = groupBy(map, { axes: [1, 0] }).map;
    expect([turned.stride, turned.spatialShape]).toEqual([[2, 1], [12, 10]]); // prettier-ignore
    expect([...turned.coordinates]).toEqual([0, 4, 3, 0, 11, 9, 2, 7, 3]);
  });

  it('works without sites', () => {
    const { map } = CoordinateMap.fromCoordinates([], 3, { batchSize: 2 });
    const groups = groupBy(map, { axes: [2, 0], size: [3, 3] });
    expect([groups.map.siteCount, groups.map.rank, groups.map.batchSize, groups.rows.transposed.index!.length]).toEqual(
      [0, 2, 2, 0],
    );
    expect([...groups.rows.starts]).toEqual([0]);
    expect([...groupByCloud(map).starts]).toEqual([0, 0, 0]);
  });

  it('lists the sites of clouds, of empty ones too', () => {
    const { map } = CoordinateMap.fromCoordinates([1, 5, 1, 6, 3, 0], 1, { batchSize: 5 });
    const clouds = groupByCloud(map);
    expect([...clouds.transposed.index!]).toEqual([1, 1, 3]);
    expect([...clouds.starts]).toEqual([0, 0, 2, 2, 3, 3]);
    expect([...clouds.columns]).toEqual([0, 1, 2]);
    expect(groupByCloud(map)).toBe(clouds);
  });

  it('makes groups once per key and frees them with the map', () => {
    const { map } = CoordinateMap.fromCoordinates([0, 1, 2, 0, 1, 3], 2);
    const groups = groupBy(map, { size: [2, 2] });
    expect(groupBy(map, { axes: [0, 1], size: [2, 2], shift: [0, 0] })).toBe(groups);
    expect(groupBy(map, { axes: [1, 0], size: [2, 2] })).not.toBe(groups);
    let live = 0;
    for (const table of [
      groups.rows.transposed.index!,
      groups.rows.starts,
      groups.rows.columns,
      groups.map.coordinates,
    ]) {
      deviceCopy(table, map, () => ({ value: ++live, free: () => live-- }));
    }
    map.dispose();
    expect(live).toBe(0);
    expect(groupBy(map, { size: [2, 2] })).not.toBe(groups);
  });

  const { map } = CoordinateMap.fromCoordinates([0, 1, 2, 0, 2 ** 20 - 1, 0], 2);
  const refused: [string, GroupKey, string][] = [
    ['no axes', { axes: [] }, 'axes must be one or more different integers from 0 to 1, got []'],
    ['an axis twice', { axes: [1, 1] }, 'axes must be one or more different integers from 0 to 1, got [1, 1]'],
    ['an axis behind the last', { axes: [2] }, 'axes must be one or more different integers from 0 to 1, got [2]'],
    ['windows of no cells', { size: [0, 1] }, 'size must have 2 integers from 1 to 2097152 (one per axis), got [0, 1]'],
    ['half a shift', { shift: [0.5, 0] }, 'shift must have 2 integers from -1048576 to 1048576 (one per axis), got [0.5, 0]'],
    ['a size for other axes', { axes: [0], size: [2, 2] }, 'size must have 1 integers from 1 to 2097152 (one per axis), got [2, 2]'],
    ['windows out of range', { shift: [1, 0] }, 'windows must lie in [-1048576, 1048576), got [0..0, 2..1048576, 0..2]'],
  ]; // prettier-ignore
  for (const [name, key, message] of refused) {
    it(`refuses ${name}`, () => expect(() => groupBy(map, key)).toThrowError(RangeError, `groupBy: ${message}`));
  }
});
