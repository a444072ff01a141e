/** Edge of the network's voxels in metres. */
export const voxelSize = 0.15;

/** Features of a site. */
export const lidarChannels = 6;

/** Points to voxels, as `CoordinateMap.fromPoints` of `@tfjs-sparse/core` groups them. */
export interface PointsInVoxels {
  /** int32 `[points]`: the site of each point. */
  readonly inverse: ArrayLike<number>;
  /** int32 `[sites, 4]`: batch, x, y, z. */
  readonly coordinates: Int32Array;
}

const farRange = 50; // metres that become 1

/**
 * The network's input: 1, the height over the sensor in metres, the range in 50 m, and where the mean of the points lies
 * in the voxel, -0.5 to 0.5 along x, y and z. The strength of the echo is not read: every sensor has its own.
 *
 * @param points `[points, 3]`, flat
 * @returns      float32 `[sites, 6]`
 */
export function lidarFeatures(points: ArrayLike<number>, { inverse, coordinates }: PointsInVoxels): Float32Array {
  const siteCount = coordinates.length / 4;
  const sums = new Float64Array(3 * siteCount);
  const counts = new Float64Array(siteCount);
  for (let point = 0; point < inverse.length; point++) {
    const site = inverse[point];
    counts[site]++;
    for (let axis = 0; axis < 3; axis++) sums[3 * site + axis] += points[3 * point + axis];
  }
  const features = new Float32Array(lidarChannels * siteCount);
  for (let site = 0; site < siteCount; site++) {
    const [x, y, z] = [0, 1, 2].map((axis) => sums[3 * site + axis] / counts[site]);
    const offset = (mean: number, axis: number) => mean / voxelSize - coordinates[4 * site + 1 + axis] - 0.5;
    features.set(
      [1, z, Math.hypot(x, y, z) / farRange, offset(x, 0), offset(y, 1), offset(z, 2)],
      lidarChannels * site,
    );
  }
  return features;
}
