import { ScanSegmenter, simulateScan, type Segmentation } from '@tfjs-sparse/lidar-minkunet';
import { readCloudOptions } from '../../src/clouds/cloud-options.js';
import { isCloudFile, readCloud } from '../../src/clouds/files/read-cloud.js';
import type { Demo, Item } from '../../src/demo.js';

export interface Scan extends Item {
  /** float32 `[points, 3]` in metres */
  readonly points: Float32Array;
  /** Which point of its file each is, and how many points that has; absent where all are there. */
  readonly rows?: Int32Array;
  readonly rowCount?: number;
  /** Numbers per point that a .bin file was taken for, as nobody said. */
  readonly assumedColumns?: number;
  /** What may be wrong with how the file was read, in a sentence or two. */
  readonly hint?: string;
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
      'and was trained on simulated streets alone, such as the one below.' +
      '<span class="turning"> Drag to turn, <span class="of-mouse">scroll the wheel</span>' +
      '<span class="of-fingers">pinch</span> to come closer.</span>',
    samplesButton: 'Another street',
    openButton: 'Open a scan…',
    filesHint: '.bin of KITTI or nuScenes, .pcd, .ply, .npz, .npy, .xyz, also as .gz',
    accept: '.bin,.pcd,.ply,.npz,.npy,.xyz,.gz',
  },
  packs: ['lidar-minkunet'],
  warmUpMs: 0,

  fit: async ({ name }) => (isCloudFile(name) ? 'surely' : 'no'),

  async read({ name, contents }, options, place) {
    const { layout, ...cloud } = await readCloud(contents, name, { ...readCloudOptions(options), place });
    const { columns, isGuessed, hint } = layout ?? { isGuessed: false, hint: null };
    const source = { file: name, index: 0 };
    return [{ name, ...cloud, source, ...(isGuessed && { assumedColumns: columns }), ...(hint && { hint }) }];
  },

  samples: (set) => [simulatedScan(firstSeed + set)],

  open: ([pack]) => {
    const segmenter = new ScanSegmenter(pack);
    return {
      async run({ points }) {
        const start = performance.now();
        return { ...(await segmenter.segment(points, { columns: 3 })), ms: performance.now() - start };
      },
    };
  },
};

/** A scan of the street that the seed draws. */
export function simulatedScan(seed: number): Scan {
  const { points, labels } = simulateScan(seed);
  return { name: `simulated street ${seed}`, points, trueLabels: labels };
}
