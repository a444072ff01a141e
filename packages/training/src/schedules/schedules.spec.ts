import { cosineFraction } from './fraction-schedule.js';
import { sparsifyStages } from './pattern-stages.js';
import { constantSchedule, polynomialSchedule } from './sparsity-schedule.js';

describe('schedules', () => {
  it('polynomialSchedule rises by its power and is updated every few steps, last at its end', () => {
    const schedule = polynomialSchedule({ initial: 0.25, final: 0.75, begin: 10, end: 33, frequency: 5 });
    expect([0, 9, 10, 33, 99].map((step) => schedule.sparsityAt(step))).toEqual([0, 0, 0.25, 0.75, 0.75]);
    expect(schedule.sparsityAt(20)).toBeCloseTo(0.75 - 0.5 * (13 / 23) ** 3, 12);
    const updates = Array.from({ length: 50 }, (_, step) => step).filter((step) => schedule.isUpdate(step));
    expect(updates).toEqual([10, 15, 20, 25, 30, 33]);
    const linear = polynomialSchedule({ final: 1, end: 4, power: 1 });
    expect([0, 1, 2, 3, 4].map((step) => linear.sparsityAt(step))).toEqual([0, 0.25, 0.5, 0.75, 1]);
  });

  it('constantSchedule is updated once, or until its end', () => {
    const updatesOf = (end?: number): number[] => {
      const { isUpdate } = constantSchedule(0.5, { begin: 3, frequency: 2, end });
      return [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].filter((step) => isUpdate(step));
    };
    expect([updatesOf(), updatesOf(7)]).toEqual([[3], [3, 5, 7]]);
  });

  it('cosineFraction falls to 0', () => {
    const fraction = cosineFraction(0.3, 100);
    [0.3, 0.15, 0, 0].forEach((expected, i) => expect(fraction([0, 50, 100, 200][i])).toBeCloseTo(expected, 12));
  });

  it('refuse what cannot be', () => {
    expect(() => polynomialSchedule({ final: 90, end: 5 })).toThrowError(
      'sparsitySchedule: sparsity must be in [0, 1], got 90',
    );
    expect(() => polynomialSchedule({ final: 0.9, begin: 9, end: 5 })).toThrowError(
      'polynomialSchedule: end must be at least begin (9), got 5',
    );
    expect(() => sparsifyStages({ n: 3, m: 8, total: 9 })).toThrowError(/^sparsifyStages: m \/ n must be a power of 2/);
  });
});
