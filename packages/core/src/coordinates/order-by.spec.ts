import { deviceCopy } from '../op/tables.js';
import { seededRandom } from '../random.js';
import { CoordinateMap } from './coordinate-map.js';
import type { Curve } from './curves.js';
import { groupBy } from './group-by.js';
import { orderBy } from './order-by.js';
import { randomRows, spans } from './random-rows-fixture.spec.js';

const curves = ['lexicographic', 'boustrophedon', 'z', 'hilbert'] as const;

function randomCurve(random: () => number, curve: (typeof curves)[number], rank: number): Curve {
  const all = Array.from({ length: rank }, (_, axis) => axis).sort(() => (random() < 0.5 ? -1 : 1));
  const axes = all.slice(0, 1 + Math.floor(random() * rank));
  if (curve !== 'boustrophedon') return { curve, axes };
  const size = axes.map(() => 1 + Math.floor(random() * 4));
  return { curve, axes, size, shift: size.map((cells) => Math.floor((random() - 0.5) * 3 * cells)) };
}

/** All cells of a cube of the side, and of no other. */
function cube(rank: number, side: number): CoordinateMap {
  const rows = Array.from({ length: side ** rank }, (_, cell) => [
    0,
    ...Array.from({ length: rank }, (_, axis) => Math.floor(cell / side ** (rank - 1 - axis)) % side),
  ]);
  return CoordinateMap.fromCoordinates(rows, rank).map;
}

/** The largest number of cells from one position to the next. */
function longestStep({ coordinates, rank }: CoordinateMap, order: Int32Array): number {
  const distance = (a: number, b: number): number => {
    let sum = 0;
    for (let column = 1; column <= rank; column++) {
      sum += Math.abs(coordinates[a * (1 + rank) + column] - coordinates[b * (1 + rank) + column]);
    }
    return sum;
  };
  return Math.max(...Array.from(order.subarray(1), (site, before) => distance(site, order[before])));
}

describe('orderBy', () => {
  for (const span of spans) {
    for (const rank of [1, 2, 3, 4]) {
      it(`sorts as plain keys do: ${span.name}, rank ${rank}`, () => {
        const random = seededRandom(rank);
        const rows = randomRows(random, rank, span);
        const [map, plainMap] = [1, 2].map(() => CoordinateMap.fromRows(rows, rank).map);
        const cases = curves.flatMap((curve) => [1, 2, 3].map(() => randomCurve(random, curve, rank)));
        const found = cases.map((curve) => orderBy(map, curve));
        const windows = groupBy(map, { size: new Array<number>(rank).fill(3) });
        const grouped = cases.map((curve) => orderBy(map, curve, windows));
        spyOn(WebAssembly, 'validate').and.returnValue(false);
        cases.forEach((curve, i) => {
          const context = `seed ${rank}, ${JSON.stringify(curve)}`;
          expect(found[i]).withContext(context).toEqual(orderBy(plainMap, curve));
          expect(grouped[i])
            .withContext(context)
            .toEqual(orderBy(plainMap, curve, windows));
          expect([...found[i].order].sort((a, b) => a - b)).toEqual([...found[i].order.keys()]);
          found[i].order.forEach((site, position) => expect(found[i].inverse[site]).toBe(position));
          expect(isAscending(grouped[i].order.map((site) => windows.rows.transposed.index![site])))
            .withContext(context)
            .toBeTrue();
          expect(isAscending(found[i].order.map((site) => map.coordinates[site * (1 + rank)]))).toBeTrue();
        });
      });
    }
  }

  for (const rank of [1, 2, 3, 4]) {
    it(`takes one step at a time along the Hilbert curve and the line that turns back: rank ${rank}`, () => {
      const map = cube(rank, 4);
      for (const curve of ['hilbert', 'boustrophedon'] as const) {
        expect(longestStep(map, orderBy(map, { curve }).order))
          .withContext(curve)
          .toBe(1);
      }
    });
  }

  for (const rank of [1, 2, 3, 4]) {
    it(`gives the Hilbert curve of every depth by tables as by plain keys: rank ${rank}`, () => {
      const [map, plainMap] = [1, 2].map(() => cube(rank, 4));
      const curves = [2, 3, 4, 5].map((depth): Curve => ({ curve: 'hilbert', depth }));
      const found = curves.map((curve) => orderBy(map, curve));
      spyOn(WebAssembly, 'validate').and.returnValue(false);
      curves.forEach((curve, i) => expect(found[i]).withContext(`${i}`).toEqual(orderBy(plainMap, curve)));
    });
  }

  it('has the axis that counts most first', () => {
    const map = cube(2, 2);
    expect([...orderBy(map, { curve: 'lexicographic', axes: [1, 0] }).order]).toEqual([0, 2, 1, 3]);
    expect([...orderBy(map, { curve: 'z', axes: [1, 0] }).order]).toEqual([0, 2, 1, 3]);
    expect([...orderBy(map, { curve: 'lexicographic', axes: [1] }).order]).toEqual([0, 2, 1, 3]);
    expect([...orderBy(map, { curve: 'boustrophedon' }).order]).toEqual([0, 1, 3, 2]);
  });

  it('follows the same line in every cloud where all sites lie in one row of windows', () => {
    const [cells, half] = [cube(2, 4).coordinates, 16];
    const rows = [0, 1].flatMap((cloud) => Array.from(cells, (value, i) => (i % 3 === 0 ? cloud : value)));
    const { map } = CoordinateMap.fromCoordinates(rows, 2);
    const { order } = orderBy(map, { curve: 'boustrophedon', size: [4, 2] });
    expect(order.subarray(half).map((site) => site - half)).toEqual(order.subarray(0, half));
  });

  it('starts a cube at the least coordinates where they are negative, else at 0', () => {
    const negative = CoordinateMap.fromCoordinates([0, -1, 0, 0, -1, 1, 0, 0, -1], 2).map; // [0, 1], [0, 2], [1, 0]
    expect([...orderBy(negative, { curve: 'z' }).order]).toEqual([0, 2, 1]);
    const positive = CoordinateMap.fromCoordinates([0, 1, 2, 0, 2, 1], 2).map;
    expect([...orderBy(positive, { curve: 'z' }).order]).toEqual([0, 1]);
    expect([...orderBy(positive, { curve: 'z', origin: [1, 0] }).order]).toEqual([1, 0]);
  });

  it('works without sites', () => {
    const { map } = CoordinateMap.fromCoordinates([], 3);
    for (const curve of curves) expect(orderBy(map, { curve }).order.length).toBe(0);
  });

  it('makes orders once and frees them with the map', () => {
    const map = cube(2, 4);
    const windows = groupBy(map, { size: [2, 2] });
    const order = orderBy(map, { curve: 'hilbert' }, windows);
    expect(orderBy(map, { curve: 'hilbert', axes: [0, 1] }, windows)).toBe(order);
    expect(orderBy(map, { curve: 'hilbert' })).not.toBe(order);
    let live = 0;
    for (const table of [order.order, order.inverse]) {
      deviceCopy(table, map, () => ({ value: ++live, free: () => live-- }));
    }
    map.dispose();
    expect(live).toBe(0);
  });

  const map = cube(2, 4);
  const refused: [string, () => unknown, string][] = [
    [
      'another curve',
      () => orderBy(map, { curve: 'peano' as never }),
      "curve must be 'lexicographic', 'boustrophedon', 'z' or 'hilbert', got peano",
    ],
    [
      'an axis twice',
      () => orderBy(map, { curve: 'z', axes: [0, 0] }),
      'axes must be one or more different integers from 0 to 1, got [0, 0]',
    ],
    [
      'a cube that is too small',
      () => orderBy(map, { curve: 'hilbert', depth: 1 }),
      'depth must be at least 2 (bits of the greatest coordinate), got 1',
    ],
    ['half a bit', () => orderBy(map, { curve: 'z', depth: 2.5 }), 'depth must be an integer from 1 to 21, got 2.5'],
    [
      'a cube behind the sites',
      () => orderBy(map, { curve: 'z', origin: [0, 1] }),
      'origin must not be greater than a coordinate, got [0, 1]',
    ],
    [
      'groups of other sites',
      () => orderBy(map, { curve: 'z' }, groupBy(cube(2, 2), {})),
      'groups must be those of 16 sites (as map), got 4',
    ],
  ];
  for (const [name, attempt, message] of refused) {
    it(`refuses ${name}`, () => expect(attempt).toThrowError(RangeError, `orderBy: ${message}`));
  }
});

function isAscending(values: Int32Array): boolean {
  return values.every((value, i) => i === 0 || value >= values[i - 1]);
}
