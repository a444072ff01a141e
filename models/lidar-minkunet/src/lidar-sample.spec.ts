import { lidarChannels, lidarFeatures, voxelSize } from './lidar-sample.js';

describe('lidarFeatures', () => {
  it('describes the mean of the points of each voxel', () => {
    const points = Float32Array.of(3, 4, 0, 3.1, 4, 0, -0.01, 0, 0.075);
    const coordinates = Int32Array.of(0, -1, 0, 0, 0, 20, 26, 0);
    const features = lidarFeatures(points, { inverse: [1, 1, 0], coordinates });
    expect(features.length).toBe(2 * lidarChannels);
    const [first, second] = [features.subarray(0, lidarChannels), features.subarray(lidarChannels)];
    const expected = [1, 0, Math.hypot(3.05, 4) / 50, 3.05 / voxelSize - 20.5, 4 / voxelSize - 26.5, -0.5];
    second.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
    expect(first[1]).toBeCloseTo(0.075, 6);
    expect(first[3]).toBeCloseTo(0.5 - 0.01 / voxelSize, 5);
    expect(first[5]).toBeCloseTo(0, 5);
  });
});
