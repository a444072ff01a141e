import { ScanSegmenter, simulateScan, type Segmentation } from '@tfjs-sparse/lidar-minkunet';
import type { Demo, Item } from '../../src/demo.js';
import { assumedColumns, isScanFile, likelierColumns, readCloud } from './files/read-cloud.js';
import { columnsIn, originIn } from './options.js';

export interface Scan extends Item {
  /** float32 `[points, 3]` in metres */
  readonly points: Float32Array;
  /** Which point of its file each is, and how many points that has; absent where all are there. */
  readonly rows?: Int32Array;
  readonly rowCount?: number;
  /** Numbers per point that a file was taken for, where it could be something else. */
  readonly assumedColumns?: number;
  /** uint8 `[points]`, of simulated scans */
  readonly trueLabels?: Uint8Array;
}

const firstSeed = 3_000_001; // the network was neither trained nor tested on streets from here on

/** A segmentation with the time from the points to their labels. */
export interface TimedSegmentation extends Segmentation {
  readonly ms: number;
}

export const demo: Demo<Scan, TimedSegmentation> = {
  order: 2,
  about: {
    title: 'LiDAR scans',
    headline: 'LiDAR segmentation',
    introduction:
      'A sparse U-Net names the class of every point of one turn of a LiDAR scanner. It runs in a worker of this page ' +
      'and was trained on simulated streets alone, such as the one below. Drag to turn, ' +
      '<span class="of-mouse">scroll the wheel</span><span class="of-fingers">pinch</span> to come closer.',
    samplesButton: 'Another street',
    openButton: 'Open a scan…',
    filesHint: '.bin of KITTI or nuScenes, .pcd, .ply, .npz, .npy, also as .gz',
    accept: '.bin,.pcd,.ply,.npz,.npy,.gz',
  },
  packs: ['lidar-minkunet'],
  warmUpMs: 0,

  fit: async ({ name }) => (isScanFile(name) ? 'surely' : 'no'),

  async read({ name, contents }, options) {
    const asked = { columns: columnsIn(options), origin: originIn(options) };
    const assumed = assumedColumns(contents, name, asked);
    const cloud = { ...(await readCloud(contents, name, asked)), source: { file: name, index: 0 } };
    const likelier = likelierColumns(contents, name, asked);
    if (likelier !== null)
      return [{ name: `${name} (as ${asked.columns} numbers a point, though it looks like ${likelier})`, ...cloud }];
    if (assumed === null) return [{ name, ...cloud }];
    return [{ name: `${name} (as ${assumed} numbers a point)`, ...cloud, assumedColumns: assumed }];
  },

  samples: (set) => [simulatedScan(firstSeed + set)],

  open: ([pack]) => {
    const segmenter = new ScanSegmenter(pack);
    return {
      async run({ points }) {
        const start = performance.now();
        return { ...(await segmenter.segment(points)), ms: performance.now() - start };
      },
    };
  },
};

/** A scan of the street that the seed draws. */
export function simulatedScan(seed: number): Scan {
  const { points, labels } = simulateScan(seed);
  return { name: `simulated street ${seed}`, points, trueLabels: labels };
}
