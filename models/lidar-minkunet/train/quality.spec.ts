import { unlabelled } from '@tfjs-sparse/lidar-minkunet';
import { Scores } from './quality.js';

describe('Scores', () => {
  it('counts intersections and unions over all scans, without unlabelled points', () => {
    const scores = new Scores();
    scores.add(Uint8Array.of(0, 0, 1, unlabelled), Uint8Array.of(0, 1, 1, 5));
    scores.add(Uint8Array.of(0), Uint8Array.of(0));
    const { iou, meanIou, accuracy } = scores.quality();
    expect(iou).toEqual([2 / 3, 1 / 2, null, null, null, null]);
    expect(meanIou).toBeCloseTo(7 / 12, 10);
    expect(accuracy).toBe(3 / 4);
  });
});
