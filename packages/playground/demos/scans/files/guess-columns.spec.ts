import { guessColumns } from './guess-columns.js';

describe('guessColumns', () => {
  for (const columns of [3, 4, 5]) {
    it(`finds ${columns} numbers a point in a ring around the sensor`, () => {
      const values = Float32Array.from({ length: 60 * 100 }, (_, i) => {
        const [point, column] = [Math.floor(i / columns), i % columns];
        const angle = (2 * Math.PI * point) / 900;
        const ring = [20 * Math.cos(angle), 20 * Math.sin(angle), -1.7, 0.1 + 0.5 * (point % 2), point % 32];
        return ring[column];
      });
      expect(guessColumns(new Uint8Array(values.buffer))).toBe(columns);
    });
  }

  it('says nothing where nothing fits, or all look alike', () => {
    expect(guessColumns(new Uint8Array(28))).toBeNull();
    expect(guessColumns(new Uint8Array(4 * 60))).toBeNull();
  });
});
