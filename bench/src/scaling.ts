import { CoordinateMap, SparseTensor } from '@tfjs-sparse/core';
import { submConv } from '@tfjs-sparse/sparse-conv';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import type { BenchCase, BenchContext } from './bench.js';
import { measure } from './measure.js';
import { submGeometry } from './subm-geometry.js';

const channels = 32;
const voxelCounts = [10_000, 30_000, 100_000, 300_000, 1_000_000];

/**
 * Submanifold 3 x 3 x 3 convolution of synthetic surfaces of 10,000 to 1,000,000 voxels, 32 channels, kernel map cached:
 * the time per pair must not grow with the cloud.
 */
export const scalingCases: readonly BenchCase[] = voxelCounts.map((voxels) => ({
  name: `surface-${voxels}/c${channels}`,
  run: (context: BenchContext) => run(context, voxels),
}));

async function run({ tf }: BenchContext, voxels: number) {
  const rows = surface(voxels);
  const build = () => {
    const { map } = CoordinateMap.fromCoordinates(rows, 3);
    map.kernelMap(submGeometry).tileTable();
    return map;
  };
  const map = build();
  const { pairCount } = map.kernelMap(submGeometry);
  const x = new SparseTensor(tf.randomUniform([voxels, channels], -1, 1, 'float32', 1) as Tensor2D, map);
  const filter = tf.randomUniform([27, channels, channels], -1, 1, 'float32', 2) as Tensor3D;
  const times = await measure({
    ours: () => submConv(x, filter, { kernelSize: 3 }).features.dispose(),
    map: () => build().dispose(),
  });
  x.dispose();
  filter.dispose();
  return {
    threads: 1,
    ms: times.ours,
    gflops: (2 * pairCount * channels ** 2) / times.ours / 1e6,
    percentOfPeak: null,
    rateVsMatMul: null,
    speedup: {},
    details: {
      pairsPerVoxel: pairCount / voxels,
      nsPerPair: (times.ours * 1e6) / pairCount,
      mapNsPerPair: (times.map * 1e6) / pairCount,
    },
  };
}

/** Int32 `[voxels, 4]`, sorted: a hilly surface one voxel thick, as wide as it is long. */
function surface(voxels: number): Int32Array {
  const side = Math.ceil(Math.sqrt(voxels));
  const rows = new Int32Array(voxels * 4);
  for (let i = 0; i < voxels; i++) {
    const [x, y] = [Math.floor(i / side), i % side];
    rows.set([0, x, y, Math.round(8 * Math.sin(x / 23) + 8 * Math.cos(y / 31))], i * 4);
  }
  return rows;
}
