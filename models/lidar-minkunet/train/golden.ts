import type * as tf from '@tensorflow/tfjs';
import type { SafetensorsTensor } from '@tfjs-sparse/core';
import { labels, lidarChannels, simulateScan, type Scan } from '@tfjs-sparse/lidar-minkunet';
import type { PackGolden } from '@tfjs-sparse/packs/write-pack';
import { plainAnswers } from './plain-network.js';
import { voxelBatch } from './voxel-batch.js';

/** Parts of simulated scans with several classes in few voxels: seed, middle and half width in metres. */
const parts = {
  street: { seed: 2_000_003, x: 9, y: 4, half: 1.7 },
  far: { seed: 2_000_005, x: -15, y: -6, half: 4 },
};

/** Inputs and the answers of `plainAnswers`. */
export function golden(network: tf.LayersModel): PackGolden {
  const tensors = new Map<string, SafetensorsTensor>();
  for (const [name, part] of Object.entries(parts)) {
    const { x } = voxelBatch([cut(simulateScan(part.seed), part)]);
    const features = x.features.dataSync<'float32'>();
    const sites = x.map.siteCount;
    const rows = plainAnswers(network, x.map.coordinates, features);
    const probabilities = Float32Array.from(rows.flatMap((row) => [...row]));
    tensors.set(`${name}/in_coords`, { dtype: 'I32', shape: [sites, 4], values: x.map.coordinates });
    tensors.set(`${name}/in_features`, { dtype: 'F32', shape: [sites, lidarChannels], values: features });
    tensors.set(`${name}/probabilities`, { dtype: 'F32', shape: [sites, labels.length], values: probabilities });
    x.dispose();
  }
  return { tensors, source: 'look-ups by site and sums in float64, with none of the kernels of this project' };
}

function cut({ points, labels: all }: Scan, { x, y, half }: { x: number; y: number; half: number }): Scan {
  const isInside = (point: number) =>
    Math.abs(points[3 * point] - x) < half && Math.abs(points[3 * point + 1] - y) < half;
  return {
    points: points.filter((_, i) => isInside(Math.floor(i / 3))),
    labels: all.filter((_, point) => isInside(point)),
  };
}
