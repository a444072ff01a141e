import { guessColumns } from '@tfjs-sparse/lidar-minkunet';
import { scanRows, shuffled } from '../../src/clouds/files/scan-rows-fixture.spec.js';

describe('guessColumns', () => {
  const rows = scanRows(5040); // so that many numbers divide the file
  for (const columns of [3, 4, 5, 6, 7, 8, 9, 12]) {
    it(`finds ${columns} numbers a point, in the order of a scanner and in none`, () => {
      const cut = rows.map((row) => row.slice(0, columns));
      for (const ordered of [cut, shuffled(cut)]) expect(guessColumns(ordered.flat())).toEqual({ columns, others: [] });
    });
  }

  it('finds 6 where colours or normals are in the unit of the points', () => {
    for (const scale of [1, 1 / 256]) {
      const coloured = rows.map((row) => [...row.slice(0, 3), ...row.slice(6, 9).map((colour) => colour * scale)]);
      expect(guessColumns(coloured.flat()).columns).toBe(6);
    }
    const normals = rows.map((row) => [...row.slice(0, 3), ...row.slice(9)]);
    expect(guessColumns(normals.flat()).columns).toBe(6);
  });

  it('finds a number a point in a ring around the sensor', () => {
    for (const columns of [3, 4, 5]) {
      const ring = Array.from({ length: 1200 }, (_, point) => {
        const angle = (2 * Math.PI * point) / 900;
        return [20 * Math.cos(angle), 20 * Math.sin(angle), -1.7, 0.1 + 0.5 * (point % 2), point % 32].slice(
          0,
          columns,
        );
      });
      expect(guessColumns(ring.flat()).columns).toBe(columns);
    }
  });

  it('says nothing where nothing fits, or all look alike', () => {
    const nothing = { columns: null, others: [] };
    expect(guessColumns(new Float32Array(7))).toEqual(nothing);
    expect(guessColumns(new Float32Array(5040))).toEqual(nothing);
    const noise = shuffled(Array.from({ length: 5040 }, (_, i) => [i % 97]));
    expect(guessColumns(noise.flat())).toEqual(nothing);
  });

  it('names the numbers that fit alike', () => {
    const doubles = new Float32Array(Float64Array.from(rows.flatMap((row) => row.slice(0, 3))).buffer);
    const { columns, others } = guessColumns(doubles);
    expect(columns).toBeNull();
    expect(others).toContain(6);
  });
});
