import { cloudPositions } from './cloud-positions.js';
import { labels } from './labels.js';
import { shapeCloud } from './shape-cloud.js';

describe('cloudPositions', () => {
  it('reads flat x, y, z of every class without a hint', () => {
    for (const label of labels) {
      for (const seed of [1, 2, 3]) {
        const points = shapeCloud(label, seed);
        expect(cloudPositions('op', points, {}))
          .withContext(`${label} ${seed}`)
          .toEqual({ positions: points, hint: null });
      }
    }
  });

  for (const columns of [4, 6]) {
    it(`says so where flat points look like ${columns} columns, and reads them when told`, () => {
      const points = shapeCloud('torus', 5).subarray(0, 3 * 480);
      const flat = Float32Array.from({ length: columns * 480 }, (_, i) => {
        const [point, column] = [Math.floor(i / columns), i % columns];
        return column < 3 ? points[3 * point + column] : 100 * column + (point % 10);
      });
      expect(cloudPositions('op', flat, {}).hint).toBe(
        `Read as 3 numbers a point, though the columns look like ${columns}: { columns: ${columns} } reads them so.`,
      );
      const { positions, hint } = cloudPositions('op', flat, { columns });
      expect([Float32Array.from(positions), hint]).toEqual([Float32Array.from(points), null]);
    });
  }

  it('refuses a transposed cloud', () =>
    expect(() =>
      cloudPositions(
        'op',
        [0, 1, 2].map(() => new Float32Array(17)),
        {},
      ),
    ).toThrowError(
      RangeError,
      'op: points must have 3 to 16 columns (they may be transposed: one row a point), got 17',
    ));

  it('refuses a cloud without points', () =>
    expect(() => cloudPositions('op', [], {})).toThrowError(
      RangeError,
      'op: a cloud must have at least one point, got none',
    ));
});
