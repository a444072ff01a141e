import { compareIntegers, compareValues } from './compare-values.js';
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

describe('compareIntegers', () => {
  it('wants every value exactly, and says where the first wrong one is', () => {
    expect(compareIntegers('i', [3, 2 ** 24 + 1], [3, 2 ** 24 + 1])).toEqual({
      what: 'i',
      error: 0,
      tolerance: 0,
      problem: null,
    });
    const { error, problem } = compareIntegers('i', [3, 4, 6], [3, 5, 7], (index) => `[0, ${index}]`);
    expect(error).toBe(Infinity);
    expect(problem).toBe('i: 2 of 3 wrong, first at [0, 1]: must be 5, got 4');
  });

  it('wants as many values', () => {
    expect(compareIntegers('i', [1], [1, 2]).problem).toBe('i: must have 2 values, got 1');
  });
});

describe('matchRows', () => {
  it('matches by coordinate and lists what only one side has', () => {
    const match = matchRows(Int32Array.of(0, 1, 0, 2, 0, 2), Int32Array.of(0, 2, 0, 3), 2);
    expect(match).toEqual({ actualOf: Int32Array.of(2, -1), missing: ['0,3'], extra: ['0,1'], repeated: ['0,2'] });
  });
});
