import { labels, unlabelled } from '../labels.js';
import { beamElevations } from './scanner.js';
import { simulateScan } from './simulate-scan.js';

/** toEqual takes minutes for so many numbers. */
function isEqual(a: Float32Array | Uint8Array, b: Float32Array | Uint8Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

describe('simulateScan', () => {
  const scan = simulateScan(1);
  const pointCount = scan.labels.length;

  it('gives the same bits for the same seed, and another scan for another one', () => {
    const again = simulateScan(1);
    expect(isEqual(again.points, scan.points) && isEqual(again.labels, scan.labels)).toBeTrue();
    expect(isEqual(simulateScan(2).points, scan.points)).toBeFalse();
  });

  it('gives as many points as a real turn', () => {
    expect(scan.points.length).toBe(3 * pointCount);
    expect(pointCount).toBeGreaterThan(80_000);
    expect(pointCount).toBeLessThan(64 * 2083);
  });

  it('labels every point', () => {
    expect(scan.labels.every((label) => label < labels.length || label === unlabelled)).toBeTrue();
    for (const label of labels.keys()) expect(scan.labels.includes(label)).withContext(labels[label]).toBeTrue();
  });

  it('puts every point on one of the 64 beams', () => {
    let farthestOff = 0;
    for (let point = 0; point < pointCount; point++) {
      const [x, y, z] = scan.points.subarray(3 * point, 3 * point + 3);
      const elevation = (Math.atan2(z, Math.hypot(x, y)) * 180) / Math.PI;
      farthestOff = Math.max(farthestOff, Math.min(...beamElevations.map((beam) => Math.abs(beam - elevation))));
    }
    expect(farthestOff).toBeLessThan(1e-4);
  });

  it('keeps to the range of the scanner, with the ground below it', () => {
    let [nearest, farthest] = [Infinity, 0];
    const heights: number[] = [];
    for (let point = 0; point < pointCount; point++) {
      const [x, y, z] = scan.points.subarray(3 * point, 3 * point + 3);
      const range = Math.hypot(x, y, z);
      [nearest, farthest] = [Math.min(nearest, range), Math.max(farthest, range)];
      if (range < 8 && labels[scan.labels[point]] === 'ground') heights.push(z);
    }
    expect(nearest).toBeGreaterThan(1.6);
    expect(farthest).toBeLessThan(80.3);
    heights.sort((a, b) => a - b);
    expect(heights[heights.length >> 1]).toBeCloseTo(-1.7, 0);
  });
});
