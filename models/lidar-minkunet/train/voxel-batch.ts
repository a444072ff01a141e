import * as tf from '@tensorflow/tfjs';
import { CoordinateMap, SparseTensor } from '@tfjs-sparse/core';
import { labels, lidarChannels, lidarFeatures, unlabelled, voxelSize, type Scan } from '@tfjs-sparse/lidar-minkunet';

/** Scans as one input of the network. */
export interface VoxelBatch {
  readonly x: SparseTensor;
  /** int32 `[points]`: the site of each point of the scans, one scan after the other. */
  readonly inverse: Int32Array;
}

export function voxelBatch(scans: readonly Scan[]): VoxelBatch {
  const points = new Float32Array(scans.reduce((total, scan) => total + scan.points.length, 0));
  const batchIndices = new Int32Array(points.length / 3);
  let start = 0;
  scans.forEach((scan, batch) => {
    points.set(scan.points, start);
    batchIndices.fill(batch, start / 3, (start += scan.points.length) / 3);
  });
  const { map, inverse } = CoordinateMap.fromPoints(points, 3, { voxelSize, batchIndices, batchSize: scans.length });
  const features = lidarFeatures(points, { inverse, coordinates: map.coordinates });
  return { x: new SparseTensor(tf.tensor2d(features, [map.siteCount, lidarChannels]), map), inverse };
}

/**
 * One-hot rows times the weight of the class, for each site the class of most of its points; zeros where all points are
 * unlabelled, which takes such sites out of the loss.
 */
export function weightedTargets(
  { x, inverse }: VoxelBatch,
  scans: readonly Scan[],
  classWeights: readonly number[],
): tf.Tensor2D {
  const siteCount = x.map.siteCount;
  const votes = new Uint16Array(siteCount * labels.length);
  let point = 0;
  for (const scan of scans) {
    for (const label of scan.labels) {
      const site = inverse[point++];
      if (label !== unlabelled) votes[site * labels.length + label]++;
    }
  }
  const rows = new Float32Array(votes.length);
  for (let site = 0; site < siteCount; site++) {
    const row = votes.subarray(site * labels.length, (site + 1) * labels.length);
    const label = row.indexOf(Math.max(...row));
    if (row[label] > 0) rows[site * labels.length + label] = classWeights[label];
  }
  return tf.tensor2d(rows, [siteCount, labels.length]);
}
