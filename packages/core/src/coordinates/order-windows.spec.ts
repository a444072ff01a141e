import { deviceCopy } from '../op/tables.js';
import { seededRandom } from '../random.js';
import { CoordinateMap } from './coordinate-map.js';
import { groupBy } from './group-by.js';
import { orderBy } from './order-by.js';
import { orderWindows } from './order-windows.js';
import { randomRows, spans } from './random-rows-fixture.spec.js';

describe('orderWindows', () => {
  for (const span of spans) {
    for (const rank of [1, 2, 3, 4]) {
      it(`orders as groupBy and orderBy do, with and without wasm: ${span.name}, rank ${rank}`, () => {
        const random = seededRandom(rank);
        const rows = randomRows(random, rank, span);
        const [map, plainMap] = [1, 2].map(() => CoordinateMap.fromRows(rows, rank).map);
        const axes = Array.from({ length: rank }, (_, axis) => axis).sort(() => (random() < 0.5 ? -1 : 1));
        const key = { axes, size: axes.map(() => 1 + Math.floor(random() * 4)), shift: axes.map(() => 3) };
        const places = axes.slice(0, 1 + Math.floor(random() * rank)).reverse();
        const found = orderWindows(map, key, places);
        const groups = groupBy(map, key);
        const { order, inverse } = orderBy(map, { curve: 'lexicographic', axes: places }, groups);
        const context = `seed ${rank}, ${JSON.stringify({ key, places })}`;
        expect(found).withContext(context).toEqual({ order, inverse, starts: groups.rows.starts });
        spyOn(WebAssembly, 'validate').and.returnValue(false);
        expect(found)
          .withContext(context)
          .toEqual(orderWindows(plainMap, key, places));
      });
    }
  }

  it('leaves the sites of a window ascending without places', () => {
    const { map } = CoordinateMap.fromCoordinates([0, 0, 0, 0, 0, 2, 0, 1, 1], 2);
    expect([...orderWindows(map, { size: [2, 2] }).order]).toEqual([0, 2, 1]);
  });

  it('works without sites', () => {
    const { map } = CoordinateMap.fromCoordinates([], 2);
    const none = new Int32Array(0);
    expect(orderWindows(map, {}, [0])).toEqual({ order: none, inverse: none, starts: Int32Array.of(0) });
  });

  it('makes orders once and frees them with the map', () => {
    const { map } = CoordinateMap.fromCoordinates([0, 1, 2, 0, 1, 3], 2);
    const found = orderWindows(map, { size: [2, 2] }, [1, 0]);
    expect(orderWindows(map, { axes: [0, 1], size: [2, 2], shift: [0, 0] }, [1, 0])).toBe(found);
    expect(orderWindows(map, { size: [2, 2] }, [0, 1])).not.toBe(found);
    let live = 0;
    for (const table of Object.values(found)) deviceCopy(table, map, () => ({ value: ++live, free: () => live-- }));
    map.dispose();
    expect(live).toBe(0);
  });

  it('refuses places that are no axes', () => {
    const { map } = CoordinateMap.fromCoordinates([0, 1, 2], 2);
    const message = 'orderWindows: axes must be one or more different integers from 0 to 1, got [2]';
    expect(() => orderWindows(map, {}, [2])).toThrowError(RangeError, message);
  });
});
