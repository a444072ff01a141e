import * as tf from '@tensorflow/tfjs';
import { predict } from '@tfjs-sparse/layers';
import { labels, type Scan } from '@tfjs-sparse/lidar-minkunet';
import { Scores, type Quality } from './quality.js';
import { voxelBatch } from './voxel-batch.js';

/** The network's label of each point of a scan: that of its voxel. */
export async function predictLabels(network: tf.LayersModel, scan: Scan): Promise<Uint8Array> {
  const { x, inverse } = voxelBatch([scan]);
  const probabilities = predict(network, x) as tf.Tensor2D;
  const values = await probabilities.data();
  tf.dispose([probabilities]);
  x.dispose();
  const ofSite = Uint8Array.from({ length: values.length / labels.length }, (_, site) => {
    const row = values.subarray(site * labels.length, (site + 1) * labels.length);
    return row.indexOf(Math.max(...row));
  });
  return Uint8Array.from(inverse, (site) => ofSite[site]);
}

export async function scoreNetwork(network: tf.LayersModel, scans: Iterable<Scan>): Promise<Quality> {
  const scores = new Scores();
  for (const scan of scans) scores.add(scan.labels, await predictLabels(network, scan));
  return scores.quality();
}
