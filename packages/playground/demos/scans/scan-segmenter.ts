import { tensor2d } from '@tensorflow/tfjs-core';
import { CoordinateMap, requireRange, SparseTensor } from '@tfjs-sparse/core';
import { predict } from '@tfjs-sparse/layers';
import { labels, lidarChannels, lidarFeatures, voxelSize } from '@tfjs-sparse/lidar-minkunet';
import type { Pack } from '@tfjs-sparse/packs';
import { sharesOf } from './shares.js';

/** What the network says of a scan. */
export interface Segmentation {
  /** uint8 `[points]`: index into the labels of the class of each point. */
  readonly labels: Uint8Array;
  /** Share of the points of each class. */
  readonly shares: readonly number[];
  readonly siteCount: number;
  /** From the points to their labels. */
  readonly ms: number;
}

/** Tells the classes of the points of LiDAR scans by a loaded pack, on the backend that is active. */
export class ScanSegmenter {
  constructor(private readonly pack: Pack) {}

  /** @param points float32 `[points, 3]` in metres, at least one; the sensor is at the origin, z up */
  async segment(points: Float32Array): Promise<Segmentation> {
    const start = performance.now();
    const { map, inverse } = CoordinateMap.fromPoints(points, 3, { voxelSize });
    const features = lidarFeatures(points, { inverse, coordinates: map.coordinates });
    const x = new SparseTensor(tensor2d(features, [map.siteCount, lidarChannels]), map);
    const output = predict(this.pack.model, x);
    const isOne = !Array.isArray(output) && !('features' in output) && output.shape[1] === labels.length;
    const rule = `the model of the pack must have one output [sites, ${labels.length}]`;
    requireRange(isOne, 'ScanSegmenter', rule, 'other outputs');
    const probabilities = await output.data();
    output.dispose();
    x.dispose();
    const ofSites = likeliest(probabilities, labels.length);
    const ofPoints = Uint8Array.from(inverse, (site) => ofSites[site]);
    return { labels: ofPoints, shares: sharesOf(ofPoints), siteCount: map.siteCount, ms: performance.now() - start };
  }
}

/** The column of the largest value of each row. */
function likeliest(rows: ArrayLike<number>, columns: number): Uint8Array {
  return Uint8Array.from({ length: rows.length / columns }, (_, row) => {
    let best = 0;
    for (let column = 1; column < columns; column++) {
      if (rows[row * columns + column] > rows[row * columns + best]) best = column;
    }
    return best;
  });
}
