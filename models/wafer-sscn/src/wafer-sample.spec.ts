import { waferSample } from './wafer-sample.js';
import { waferChannels, waferSide } from './wafer-size.js';

const [outside, pass, fail] = [0, 1, 2];

describe('waferSample', () => {
  it('has a site for each failing die, placed on the wafer', () => {
    const map = wafer((row, column) => (row === 2 && column > 60 ? fail : row < 5 ? pass : outside));
    const { coordinates, features } = waferSample(map);
    expect([...coordinates]).toEqual([0, 2, 61, 0, 2, 62, 0, 2, 63]);
    expect([...features.slice(-waferChannels)]).toEqual([1, 0, 1, 1, Math.fround(3 / 320)]);
    expect(features[2]).toBeCloseTo((61 - 31.5) / 31.5, 6);
  });

  it('is empty without failing dies', () => {
    const { coordinates, features } = waferSample(wafer(() => pass));
    expect([coordinates.length, features.length]).toEqual([0, 0]);
  });

  it('is 1 away from the centre at the edge, wherever the wafer lies', () => {
    const map = wafer((row, column) => (Math.hypot(row - 20, column - 20) <= 10 ? pass : outside));
    map[10 * waferSide + 20] = fail;
    expect([...waferSample(map).features].slice(0, 4)).toEqual([1, -1, 0, 1]);
  });

  it('refuses other sizes and values', () => {
    expect(() => waferSample(new Uint8Array(32 * 32))).toThrowError(
      RangeError,
      'waferSample: map must have 64 x 64 cells, got 1024',
    );
    expect(() => waferSample(new Uint8Array(64 * 64).fill(3))).toThrowError(
      'waferSample: cells must be 0, 1 or 2, got 3',
    );
  });
});

function wafer(valueAt: (row: number, column: number) => number): Uint8Array {
  return Uint8Array.from({ length: waferSide ** 2 }, (_, cell) =>
    valueAt(Math.floor(cell / waferSide), cell % waferSide),
  );
}
