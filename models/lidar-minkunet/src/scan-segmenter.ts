import { tensor2d } from '@tensorflow/tfjs-core';
import { CoordinateMap, requireOptions, requireRange, SparseTensor, type Points } from '@tfjs-sparse/core';
import { predict } from '@tfjs-sparse/layers';
import {
  openPackOf,
  packOptions,
  type LoadPackOptions,
  type Pack,
  type PackKind,
  type PointColumns,
} from '@tfjs-sparse/packs';
import '@tfjs-sparse/sparse-conv/layers';
import { labels } from './labels.js';
import { lidarChannels, lidarFeatures, voxelSize } from './lidar-sample.js';
import { scanPoints } from './scan-points.js';
import { sharesOf } from './shares.js';

/** What the network says of a scan. */
export interface Segmentation {
  /** uint8 `[points]`: index into `labels` of the class of each point. */
  readonly labels: Uint8Array;
  /** Share of the points of each class, in the order of `labels`; zeros without points. */
  readonly shares: readonly number[];
  /** Voxels with points. */
  readonly siteCount: number;
  /** Mean over the voxels of the probability of the likeliest class; 1 without points. */
  readonly confidence: number;
  /**
   * Whether the confidence is below `usualConfidence`: the scan may not be what the network knows (another unit, another
   * axis up, the sensor not at the origin, no street).
   */
  readonly isUnusual: boolean;
  /** What may be wrong, in a sentence or two, such as another number of columns or another unit; null for nothing. */
  readonly hint: string | null;
}

/** Of 40 simulated scans that were not trained on all have more (0.937 to 0.973), and of 4 measured ones (0.889 to 0.927). */
export const usualConfidence = 0.885;

export interface ScanOptions extends LoadPackOptions, PointColumns {
  /** Folder or URL of a pack for scans; default this package's own. In a bundle, where the pack is served. */
  readonly source?: string | URL;
}

/**
 * The class of every point of a LiDAR scan: opens the pack, segments, frees the pack. For more than one call open a
 * `ScanSegmenter` once.
 *
 * @param points `[points, columns]`, flat or as rows, that begin with x to the front, y to the left, z up, in metres; the sensor
 *   is at the origin
 * @throws RangeError or TypeError for what are no points; what `loadPack` throws
 */
export async function segmentScan(points: Points, options: ScanOptions = {}): Promise<Segmentation> {
  requireOptions('segmentScan', options, ['columns', 'source', ...packOptions]);
  const { columns, ...opening } = options;
  const { positions, hint } = scanPoints('segmentScan', points, { columns });
  const segmenter = await openSegmenter('segmentScan', opening);
  try {
    return { ...(await segmenter.segment(positions, { columns: 3 })), hint };
  } finally {
    segmenter.dispose();
  }
}

/** Segments LiDAR scans on the backend that is active. */
export class ScanSegmenter {
  /** @param pack loaded; `dispose` frees it */
  constructor(private readonly pack: Pack) {}

  static async open(options: ScanOptions = {}): Promise<ScanSegmenter> {
    return openSegmenter('ScanSegmenter', options);
  }

  /** @param points `[points, columns]`, flat or as rows, that begin with x, y, z in metres; the sensor is at the origin, z up */
  async segment(points: Points, columns: PointColumns = {}): Promise<Segmentation> {
    const { positions, hint } = scanPoints('ScanSegmenter', points, columns);
    const { map, inverse } = CoordinateMap.fromPoints(positions, 3, { voxelSize });
    const features = lidarFeatures(positions, { inverse, coordinates: map.coordinates });
    const x = new SparseTensor(tensor2d(features, [map.siteCount, lidarChannels]), map);
    const output = predict(this.pack.model, x);
    x.dispose();
    const isOne = !Array.isArray(output) && !('features' in output) && output.shape[1] === labels.length;
    const rule = `the model of the pack must have one output [sites, ${labels.length}]`;
    requireRange(isOne, 'ScanSegmenter', rule, 'other outputs');
    const probabilities = await output.data();
    output.dispose();
    const ofSites = likeliest(probabilities, labels.length);
    const ofPoints = Uint8Array.from(inverse, (site) => ofSites[site]);
    const confidence = meanOfBest(probabilities, ofSites);
    const isUnusual = confidence < usualConfidence;
    return { labels: ofPoints, shares: sharesOf(ofPoints), siteCount: map.siteCount, confidence, isUnusual, hint };
  }

  /** Frees the pack. */
  dispose(): void {
    this.pack.dispose();
  }
}

const kind: PackKind = {
  name: 'lidar-minkunet',
  inputs: [[null, lidarChannels], [null, 4]],
  outputs: [[null, labels.length]],
}; // prettier-ignore

async function openSegmenter(op: string, { source, ...options }: ScanOptions): Promise<ScanSegmenter> {
  const folder = source ?? new URL('../', import.meta.url);
  return openPackOf(op, kind, folder, options, (pack) => new ScanSegmenter(pack));
}

function meanOfBest(probabilities: ArrayLike<number>, best: Uint8Array): number {
  if (best.length === 0) return 1;
  return best.reduce((sum, label, site) => sum + probabilities[site * labels.length + label], 0) / best.length;
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
