import type { SparseDataset, SparseSample } from '@tfjs-sparse/layers';
import { seededRandom } from '@tfjs-sparse/core';
import { waferChannels, waferSample } from '@tfjs-sparse/wafer-sscn';
import { transformed } from './augment.js';
import type { Wafers } from './wafers.js';

export const side = 64;

/** How a map becomes a cloud. */
export type SampleOf = (map: Uint8Array) => SparseSample;

export const sparseSample: SampleOf = waferSample;

/** The same features on every cell of the grid, zeros where the sparse cloud has no site: the dense twin's input. */
export function denseSample(map: Uint8Array): SparseSample {
  const sparse = waferSample(map);
  const channels = waferChannels;
  const features = new Float32Array(side * side * channels);
  for (let site = 0; site < sparse.coordinates.length / 3; site++) {
    const cell = sparse.coordinates[3 * site + 1] * side + sparse.coordinates[3 * site + 2];
    features.set(sparse.features.subarray(site * channels, (site + 1) * channels), cell * channels);
  }
  return { coordinates: allCells, features };
}

const allCells = Int32Array.from({ length: side * side * 3 }, (_, i) => {
  const cell = Math.floor(i / 3);
  return [0, Math.floor(cell / side), cell % side][i % 3];
});

/**
 * The maps `members` as clouds. With a seed, every epoch sees each map under a random symmetry of the square, which
 * depends on the seed, the epoch and the map alone.
 */
export function waferDataset(
  { maps }: Wafers,
  members: readonly number[],
  sampleOf: SampleOf,
  augmentationSeed?: number,
): SparseDataset {
  return {
    length: members.length,
    rank: 2,
    channels: waferChannels,
    spatialShape: [side, side],
    sample(index, epoch) {
      const map = maps[members[index]];
      if (augmentationSeed === undefined) return sampleOf(map);
      const random = seededRandom(augmentationSeed + epoch * maps.length + members[index]);
      return sampleOf(transformed(map, Math.floor(random() * 8)));
    },
  };
}
