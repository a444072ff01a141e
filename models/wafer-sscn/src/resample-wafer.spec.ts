import { resampleWafer } from './resample-wafer.js';
import { waferSide } from './wafer-size.js';

describe('resampleWafer', () => {
  it('leaves a map of 64 x 64 as it is', () => {
    const values = Uint8Array.from({ length: waferSide ** 2 }, (_, cell) => (cell * 7) % 3);
    expect(resampleWafer({ height: waferSide, width: waferSide, values })).toEqual(values);
  });

  it('takes the value at the centre of each cell', () => {
    const values = [0, 1, 2, 2, 1, 0];
    expect([...resampleWafer({ height: 2, width: 3, values }, 4, 3)]).toEqual([0, 1, 2, 0, 1, 2, 2, 1, 0, 2, 1, 0]);
    expect([...resampleWafer({ height: 2, width: 3, values }, 1, 2)]).toEqual([2, 0]);
  });

  it('gives a map back that was enlarged', () => {
    const values = Uint8Array.from({ length: 26 * 31 }, (_, cell) => (cell * 5) % 3);
    for (const [height, width] of [
      [64, 64],
      [100, 120],
      [27, 300],
    ]) {
      const enlarged = resampleWafer({ height: 26, width: 31, values }, height, width);
      expect(resampleWafer({ height, width, values: enlarged }, 26, 31)).toEqual(values);
    }
  });

  it('keeps a scratch one die wide in a coarse map', () => {
    const values = Uint8Array.from({ length: 25 * 27 }, (_, cell) => (cell % 27 === 13 ? 2 : 1));
    const cells = resampleWafer({ height: 25, width: 27, values });
    const rows = Array.from({ length: waferSide }, (_, row) => cells.slice(row * waferSide, (row + 1) * waferSide));
    expect(rows.every((row) => row.includes(2))).toBeTrue();
  });
});
