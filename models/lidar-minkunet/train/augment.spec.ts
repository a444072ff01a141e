import { seededRandom } from '@tfjs-sparse/core';
import { simulateScan } from '@tfjs-sparse/lidar-minkunet';
import { augmented } from './augment.js';

describe('augmented', () => {
  const scan = simulateScan(3);

  it('keeps half a turn, with the labels of its points', () => {
    const half = augmented(scan, seededRandom(1));
    expect(half.points.length).toBe(3 * half.labels.length);
    expect(half.labels.length).toBeGreaterThan(scan.labels.length / 10);
    expect(half.labels.length).toBeLessThan(0.8 * scan.labels.length);
  });

  it('is the same for the same random numbers', () => {
    const points = (seed: number) => augmented(scan, seededRandom(seed)).points.subarray(0, 300);
    expect(points(7)).toEqual(points(7));
    expect(points(7)).not.toEqual(points(8));
  });
});
