import type { Tensor } from '@tensorflow/tfjs-core';
import { requireRange, type SparseTensor } from '@tfjs-sparse/core';

/** One cloud on the host. */
export interface SparseSample {
  /** Whole numbers `[sites, 1 + rank]` in any order; the batch column is not read. */
  readonly coordinates: ArrayLike<number>;
  /** `[sites, channels]`, in the order of the coordinates, taken as float32. */
  readonly features: ArrayLike<number>;
}

/** A source of clouds, for data that is augmented or too large to be one tensor. */
export interface SparseDataset {
  /** Number of clouds. */
  readonly length: number;
  readonly rank: number;
  readonly channels: number;
  /** Spatial shape of every cloud; default unknown. */
  readonly spatialShape?: readonly number[];
  /** The cloud `index`, in its form for `epoch` (augmentation); called once per cloud and epoch. */
  sample(index: number, epoch: number): SparseSample;
}

/** Targets with one row per cloud, or one row per site in the order of the input's sites. */
export interface SampleTargets {
  readonly perSite: boolean;
  /** Shape of one row. */
  readonly rowShape: readonly number[];
  readonly dtype: 'float32' | 'int32';
  /** The rows of cloud `index`. */
  rows(index: number): Float32Array | Int32Array;
}

/** The clouds of `x` as samples; reads the features once. */
export async function samplesOf(x: SparseTensor | SparseDataset): Promise<SparseDataset> {
  if (!('features' in x)) return x;
  const { map, channels } = x;
  const features = (await x.features.data()) as Float32Array;
  const columns = 1 + map.rank;
  return {
    length: map.batchSize,
    rank: map.rank,
    channels,
    spatialShape: map.spatialShape ?? undefined,
    sample(index) {
      const [start, end] = [map.batchStarts[index], map.batchStarts[index + 1]];
      return {
        coordinates: map.coordinates.subarray(start * columns, end * columns),
        features: features.subarray(start * channels, end * channels),
      };
    },
  };
}

/**
 * The rows of `y` by cloud. Its first dimension says what it holds: the clouds of `x`, or the sites of `x`; per-site
 * targets need a SparseTensor, whose sites are known.
 */
export async function targetsOf(op: string, y: Tensor, x: SparseTensor | SparseDataset): Promise<SampleTargets> {
  const map = 'features' in x ? x.map : undefined;
  const clouds = map ? map.batchSize : (x as SparseDataset).length;
  const perSite = y.shape[0] !== clouds;
  requireRange(
    !perSite || (map !== undefined && y.shape[0] === map.siteCount),
    op,
    map
      ? `targets must have ${clouds} rows (one per cloud) or ${map.siteCount} (one per site)`
      : `targets must have ${clouds} rows (one per cloud)`,
    y.shape[0],
  );
  const values = (await y.data()) as Float32Array | Int32Array;
  const rowShape = y.shape.slice(1);
  const rowLength = rowShape.reduce((product, size) => product * size, 1);
  return {
    perSite,
    rowShape,
    dtype: y.dtype === 'int32' ? 'int32' : 'float32',
    rows(index) {
      const [start, end] = perSite ? [map!.batchStarts[index], map!.batchStarts[index + 1]] : [index, index + 1];
      return values.subarray(start * rowLength, end * rowLength);
    },
  };
}
