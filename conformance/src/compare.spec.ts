import { compareValues } from './compare.js';
import { matchRows } from './match-rows.js';

describe('compareValues', () => {
  it('measures errors against the largest golden value, at least 1', () => {
    expect(compareValues('y', [100.5], [100], 0.01).error).toBeCloseTo(0.005, 9);
    expect(compareValues('y', [0.2], [0.1], 0.2).error).toBeCloseTo(0.1, 9);
  });

  it('wants NaN and infinities exactly where the golden has them', () => {
    expect(compareValues('y', [NaN, Infinity], [NaN, Infinity], 0).problem).toBeNull();
    expect(compareValues('y', [1, NaN], [1, 1], 1).problem).toBe('y: wrong at element 1: must be 1, got NaN');
    expect(compareValues('y', [1, 1], [1, NaN], 1).error).toBe(Infinity);
    expect(compareValues('y', [-Infinity], [Infinity], 1).error).toBe(Infinity);
  });

  it('wants as many values', () => {
    expect(compareValues('y', [1], [1, 2], 1).problem).toBe('y: must have 2 values, got 1');
  });
});

describe('matchRows', () => {
  it('matches by coordinate and lists what only one side has', () => {
    const match = matchRows(Int32Array.of(0, 1, 0, 2, 0, 2), Int32Array.of(0, 2, 0, 3), 2);
    expect(match).toEqual({ actualOf: Int32Array.of(2, -1), missing: ['0,3'], extra: ['0,1'], repeated: ['0,2'] });
  });
});
