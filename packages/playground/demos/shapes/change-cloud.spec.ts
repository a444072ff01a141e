import { changedCloud, extentOf } from './change-cloud.js';

describe('changedCloud', () => {
  const points = Float32Array.from({ length: 300 }, (_, i) => Math.sin(i * i));
  const same = { kept: 100, turned: 0, noise: 0 };
  const rowsOf = (cloud: Float32Array) =>
    Array.from({ length: cloud.length / 3 }, (_, i) => cloud.subarray(3 * i, 3 * i + 3).join());
  const largestStep = (a: Float32Array, b: Float32Array) => Math.max(...a.map((value, i) => Math.abs(value - b[i])));

  it('keeps all points where nothing changes, in another order', () => {
    const all = changedCloud(points, same);
    expect(largestStep(Float32Array.from(all).sort(), Float32Array.from(points).sort())).toBeLessThan(1e-6);
    expect(all).not.toEqual(points);
  });

  it('keeps the first of the same order, and never none', () => {
    const [half, few] = [50, 10].map((kept) => changedCloud(points, { ...same, kept }));
    expect([half.length, few.length]).toEqual([150, 30]);
    expect(rowsOf(half).slice(0, 10)).toEqual(rowsOf(few));
    expect(changedCloud(points.subarray(0, 3), { ...same, kept: 5 }).length).toBe(3);
  });

  it('turns about the vertical axis through the mean', () => {
    const before = changedCloud(points, same);
    const turned = changedCloud(points, { ...same, turned: 90 });
    const { mean } = extentOf(points);
    for (const point of [0, 7]) {
      const [x, y, z] = before.subarray(3 * point, 3 * point + 3);
      const expected = [mean[0] - (y - mean[1]), mean[1] + (x - mean[0]), z];
      expected.forEach((value, axis) => expect(turned[3 * point + axis]).toBeCloseTo(value, 5));
    }
  });

  it('adds noise of the asked size, in the same direction for every size', () => {
    const [before, small, large] = [0, 2, 4].map((noise) => changedCloud(points, { ...same, noise }));
    const steps = small.map((value, i) => value - before[i]);
    const deviation = Math.hypot(...steps) / Math.sqrt(steps.length);
    expect(deviation / extentOf(points).farthest).toBeCloseTo(0.02, 2);
    const twice = before.map((value, i) => value + 2 * steps[i]);
    expect(largestStep(large, twice)).toBeLessThan(1e-5);
  });
});
