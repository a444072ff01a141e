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

/** What a row of the targets belongs to. */
export type TargetsPer = 'cloud' | 'site';

/**
 * The rows of `y` by cloud. Its first dimension says what it holds, or `stated` where both fit: the clouds of `x`, or the
 * sites of `x` in the order in which `sparseTensor` was given them; per-site targets need a SparseTensor, whose sites are
 * known.
 */
export async function targetsOf(
  op: string,
  y: Tensor,
  x: SparseTensor | SparseDataset,
  stated?: TargetsPer,
): Promise<SampleTargets> {
  const isTensor = 'features' in x;
  const clouds = isTensor ? x.map.batchSize : x.length;
  const perSite = arePerSite(op, y.shape[0], clouds, isTensor ? x : null, stated);
  const given = (await y.data()) as Float32Array | Int32Array;
  const rowShape = y.shape.slice(1);
  const rowLength = rowShape.reduce((product, size) => product * size, 1);
  const order = perSite && (x as SparseTensor).order;
  const values = order ? takeRows(given, order, rowLength) : given;
  return {
    perSite,
    rowShape,
    dtype: y.dtype === 'int32' ? 'int32' : 'float32',
    rows(index) {
      const { batchStarts } = perSite ? (x as SparseTensor).map : { batchStarts: null };
      const [start, end] = batchStarts ? [batchStarts[index], batchStarts[index + 1]] : [index, index + 1];
      return values.subarray(start * rowLength, end * rowLength);
    },
  };
}

function arePerSite(
  op: string,
  rows: number,
  clouds: number,
  x: SparseTensor | null,
  stated: TargetsPer | undefined,
): boolean {
  const isStated = stated === undefined || stated === 'cloud' || stated === 'site';
  requireRange(isStated, op, "targetsPer must be 'cloud' or 'site'", stated);
  const sites = x?.map.siteCount;
  const ofClouds = `${clouds} rows (one per cloud)`;
  const ofSites = `${sites} (one per site)`;
  const fits = { cloud: rows === clouds, site: rows === sites };
  const rule = !x || stated === 'cloud' ? ofClouds : stated === 'site' ? ofSites : `${ofClouds} or ${ofSites}`;
  requireRange(stated ? fits[stated] : fits.cloud || fits.site, op, `targets must have ${rule}`, rows);
  const isPlain = stated !== undefined || !(fits.cloud && fits.site);
  requireRange(isPlain, op, "targetsPer must say 'cloud' or 'site' where there are as many clouds as sites", 'neither');
  return stated ? stated === 'site' : fits.site;
}

/** Rows of `length` numbers in another order. */
export function takeRows<T extends Float32Array | Int32Array>(rows: T, order: Int32Array, length: number): T {
  const taken = rows.slice() as T;
  order.forEach((row, i) => taken.set(rows.subarray(row * length, (row + 1) * length), i * length));
  return taken;
}
