import { CoordinateMap } from '@tfjs-sparse/core';
import { simulateScan } from '@tfjs-sparse/lidar-minkunet';
import { dsvtSets, flatFormerGroups, serializedPatches, windows, type SiteSets } from '@tfjs-sparse/window-attention';
import type { BenchCase, BenchContext } from './bench.js';
import { flatFormerBlockCases } from './flat-former-block.js';
import { measure } from './measure.js';
import { sequenceAttentionCases } from './sequence-attention.js';
import { setAttentionCases, threadedSetAttentionCases } from './set-attention.js';
import { sortOf } from './sort-values.js';

const siteCount = 100_000;
const voxelSize = 0.03; // metres: a little more sites than that

/** Partitions with the settings of their papers, of sites with axes x, y, z. */
const partitions: Readonly<Record<string, (map: CoordinateMap) => SiteSets>> = {
  windows: (map) => windows(map, { windowSize: [12, 12, 32] }),
  dsvt: (map) => dsvtSets(map, { windowSize: [12, 12, 32], setSize: 48, axes: [1, 0, 2] }),
  'dsvt-repeats': (map) =>
    dsvtSets(map, { windowSize: [12, 12, 32], setSize: 48, axes: [1, 0, 2], padding: 'repeats' }),
  flatformer: (map) => flatFormerGroups(map, { windowSize: [9, 9, 1], groupSize: 69, axes: [1, 0] }),
  hilbert: (map) => serializedPatches(map, { order: 'hilbert', patchSize: 1024 }),
  z: (map) => serializedPatches(map, { order: 'z', patchSize: 1024 }),
};

/** Sites of a simulated LiDAR scan to sets, nothing cached; `details.sorts` is the time over that of sorting 64-bit keys. */
const partitionCases: readonly BenchCase[] = Object.entries(partitions).map(([name, partition]) => ({
  name: `partition/${name}`,
  run: (context: BenchContext) => run(context, partition),
}));

export const windowAttentionCases: readonly BenchCase[] = [
  ...partitionCases,
  ...setAttentionCases,
  ...threadedSetAttentionCases,
  ...flatFormerBlockCases,
  ...sequenceAttentionCases,
];

async function run(_context: BenchContext, partition: (map: CoordinateMap) => SiteSets) {
  const { map: scan } = CoordinateMap.fromPoints(simulateScan(1).points, 3, { voxelSize, pointStride: 3 });
  const { map } = CoordinateMap.fromCoordinates(scan.coordinates.slice(0, siteCount * 4), 3);
  const { slotCount, setCount } = partition(map);
  const times = await measure({
    ours: () => {
      map.dispose(); // nothing stays from the run before
      partition(map);
    },
    sort: sortOf(siteCount),
  });
  return {
    threads: 1,
    ms: times.ours,
    gflops: null,
    percentOfPeak: null,
    rateVsMatMul: null,
    speedup: {},
    details: { sorts: times.ours / times.sort, sites: map.siteCount, sets: setCount, slots: slotCount },
  };
}
