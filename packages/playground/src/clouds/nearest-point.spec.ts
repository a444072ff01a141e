import { nearestPoint } from './nearest-point.js';

describe('nearestPoint', () => {
  const drawn = [{ x: 10, y: 10, depth: 3 }, { x: 12, y: 10, depth: 1 }, { x: 40, y: 10, depth: 2 }, null];
  const at = (x: number, reach: number) =>
    nearestPoint(drawn.length, (point) => drawn[point], { x, y: 10 }, { radius: 3, reach });

  it('is the foremost of those that cover the place', () => {
    expect(at(10, 8)).toBe(1);
  });

  it('is the nearest within reach where none covers it, else none', () => {
    expect([at(17, 8), at(33, 8), at(25, 8), at(25, Infinity)]).toEqual([1, 2, null, 1]);
  });
});
