import { deviceCopy } from '../op/tables.js';
import { seededRandom } from '../random.js';
import { CoordinateMap } from './coordinate-map.js';
import { findCells } from './find-cells.js';
import { gridRows } from './grid-rows.js';
import { randomRows, spans } from './random-rows-fixture.spec.js';
import * as reference from './reference.js';
import { haveEqualSites, sitesInside, subsetOf } from './subset.js';
import { rowsInto, siteIndices, unionOf } from './site-sets.js';

/** The place of each row among `rows`, by text. */
function placesIn(rows: Int32Array, queries: Int32Array, columns: number): Int32Array {
  const places = new Map<string, number>();
  for (let i = 0; i < rows.length; i += columns) places.set(rows.subarray(i, i + columns).join(), i / columns);
  return Int32Array.from({ length: queries.length / columns }, (_, query) => {
    return places.get(queries.subarray(query * columns, (query + 1) * columns).join()) ?? -1;
  });
}

const line = (cells: readonly number[], options = {}): CoordinateMap =>
  CoordinateMap.fromCoordinates(
    cells.map((cell) => [0, cell]),
    1,
    options,
  ).map;

describe('sets of sites', () => {
  for (const span of spans) {
    for (const rank of [1, 2, 3, 4]) {
      for (const hasSimd of [true, false]) {
        it(`are united and searched as texts are: ${span.name}, rank ${rank}, ${hasSimd ? 'wasm' : 'plain'}`, () => {
          if (!hasSimd) spyOn(WebAssembly, 'validate').and.returnValue(false);
          const columns = 1 + rank;
          const random = seededRandom(rank);
          const [rowsOfA, rowsOfB] = [1, 2].map(() => randomRows(random, rank, span));
          const [a, b] = [rowsOfA, rowsOfB].map((rows) => CoordinateMap.fromRows(rows, rank).map);
          const sorted = CoordinateMap.fromCoordinates(b.coordinates, rank).map; // knows no keys
          const expected = reference.groupRows(Int32Array.of(...rowsOfA, ...rowsOfB), columns).coordinates;
          const context = `seed ${rank}`;
          for (const other of [b, sorted]) {
            const union = unionOf('union', [a, other]);
            expect(union.coordinates).withContext(context).toEqual(expected);
            expect(union.bounds).toEqual(reference.boundsOf(expected, columns));
            const indices = placesIn(a.coordinates, expected, columns);
            expect(siteIndices(union, a)).withContext(context).toEqual(indices);
            expect(siteIndices(a, other))
              .withContext(context)
              .toEqual(placesIn(b.coordinates, a.coordinates, columns));
            const rows = rowsInto(union, a);
            expect(rows === null).toBe(union === a);
            if (rows) {
              expect(rows.index).toEqual(indices);
              expect(rows.transposed.starts).toEqual(Int32Array.from({ length: a.siteCount + 1 }, (_, site) => site));
              expect(rows.transposed.columns)
                .withContext(context)
                .toEqual(placesIn(expected, a.coordinates, columns));
            }
            const kept = Int32Array.from({ length: a.siteCount >> 1 }, (_, i) => 2 * i + 1);
            const subset = subsetOf(a, kept);
            expect(siteIndices(subset, a)).withContext(context).toEqual(kept);
            expect(subset.bounds).toEqual(reference.boundsOf(subset.coordinates, columns));
            const [start, end] = [
              new Array<number>(rank).fill(span.least + 1),
              new Array<number>(rank).fill(span.greatest),
            ];
            const isInside = (site: number): boolean =>
              start.every((least, axis) => {
                const value = a.coordinates[site * columns + 1 + axis];
                return value >= least && value < end[axis];
              });
            const sites = Array.from({ length: a.siteCount }, (_, site) => site).filter(isInside);
            expect([...sitesInside(a, start, end)])
              .withContext(context)
              .toEqual(sites);
            const cells = Int32Array.of(...rowsOfA, ...rowsOfB).map((value, i) => (i % 7 === 0 ? value - 1 : value));
            expect(findCells(other, cells))
              .withContext(context)
              .toEqual(placesIn(b.coordinates, cells, columns));
          }
        });
      }
    }
  }

  it('may be empty', () => {
    const [none, some] = [CoordinateMap.fromCoordinates([], 1).map, line([-3, 5])];
    expect(unionOf('union', [none, some])).toBe(some);
    expect(unionOf('union', [none, none])).toBe(none);
    expect([...siteIndices(some, none)]).toEqual([-1, -1]);
    expect([...findCells(none, Int32Array.of(0, 0))]).toEqual([-1]);
    expect(findCells(some, new Int32Array(0)).length).toBe(0);
    expect([...rowsInto(some, none)!.index!]).toEqual([-1, -1]);
  });

  it('keep some of their sites', () => {
    const map = line([-3, 0, 5], { spatialShape: undefined, batchSize: 2, stride: [4] });
    const subset = subsetOf(map, Int32Array.of(0, 2));
    expect([...subset.coordinates]).toEqual([0, -3, 0, 5]);
    expect([subset.batchSize, subset.stride]).toEqual([2, [4]]);
    expect(subsetOf(map, new Int32Array(0)).siteCount).toBe(0);
    expect([...sitesInside(map, undefined, [5])]).toEqual([0, 1]);
    expect([...sitesInside(map, [-(2 ** 40)], [2 ** 40])]).toEqual([0, 1, 2]);
    expect([...sitesInside(map, [6])]).toEqual([]);
    expect(haveEqualSites(subset, line([-3, 5]))).toBeTrue();
    expect(haveEqualSites(subset, line([-3, 4]))).toBeFalse();
    expect(haveEqualSites(subset, map)).toBeFalse();
  });

  it('find no site at cells outside of their range, however far', () => {
    const map = line([0, 7, 31]);
    const cells = [-1, 0, 32, 31, 2 ** 31 - 1, -(2 ** 31), 7].flatMap((cell) => [0, cell]);
    expect([...findCells(map, Int32Array.of(...cells, 1, 0, -1, 7))]).toEqual([-1, 0, -1, 2, -1, -1, 1, -1, -1]);
    expect(() => findCells(map, Int32Array.of(1))).toThrowError(
      RangeError,
      'findCells: cells must have 2 numbers each (batch index and 1 axes), got 1 numbers',
    );
  });

  it('do not free a union with an operand, but the rows into it with the union', () => {
    const [a, b] = [line([0, 4]), line([2])];
    const union = unionOf('union', [a, b]);
    const rows = rowsInto(union, a)!;
    const live = new Set<Int32Array>();
    for (const table of [union.coordinates, rows.index!, rows.transposed.columns]) {
      deviceCopy(table, live, () => ({ value: live.add(table), free: () => live.delete(table) }));
    }
    a.dispose();
    b.dispose();
    expect(live.size).toBe(3);
    union.dispose();
    expect(live.size).toBe(0);
  });
});

describe('gridRows', () => {
  for (const hasSimd of [true, false]) {
    it(`tells the cells of all clouds, ${hasSimd ? 'wasm' : 'plain'}`, () => {
      if (!hasSimd) spyOn(WebAssembly, 'validate').and.returnValue(false);
      const { map } = CoordinateMap.fromCoordinates([0, -1, 5, 1, 0, 3], 2);
      const grid = { origin: [-1, 3], spatialShape: [2, 3] };
      const rows = gridRows('toGrid', map, grid);
      expect([...rows.transposed.columns]).toEqual([2, 9]);
      expect([...rows.index!]).toEqual([-1, -1, 0, -1, -1, -1, -1, -1, -1, 1, -1, -1]);
      expect([...rows.transposed.starts]).toEqual([0, 1, 2]);
      expect(gridRows('toGrid', map, { ...grid })).toBe(rows);
      expect([...gridRows('toGrid', map, grid, 0).transposed.columns]).toEqual([4, 7]);
      expect(() => gridRows('toGrid', map, { origin: [-1, 3], spatialShape: [2, 2] })).toThrowError(
        RangeError,
        'toGrid: sites must lie inside [2, 2] cells from [-1, 3], got [-1, 5]',
      );
    });
  }

  it('has empty cells without sites', () => {
    const { map } = CoordinateMap.fromCoordinates([], 1, { batchSize: 2 });
    expect([...gridRows('toGrid', map, { origin: [4], spatialShape: [1] }).index!]).toEqual([-1, -1]);
  });
});
