import { add, tidy, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import {
  gatherRows,
  groupBy,
  haveEqualSites,
  integersPerAxis,
  reduceRows,
  requireRange,
  requireReduction,
  SparseTensor,
  windowSizes,
  type CoordinateMap,
  type Reduction,
  type SiteGroups,
} from '@tfjs-sparse/core';
import { gelu } from '../gelu/op.js';
import { linear } from '../linear/op.js';

export interface ProjectionWeights {
  /** float32 `[channels, filters]`: torch's weight, transposed. */
  readonly linear: Tensor2D;
  /** float32 `[filters]` */
  readonly linearBias: Tensor1D;
  /** Normalization over sites or over channels; default none. */
  readonly normalize?: (x: Tensor2D) => Tensor2D;
}

export interface SerializedPoolingOptions {
  /** Cells of the coarser grid's cell on each axis; default 2. */
  readonly strides?: readonly number[];
  /** Default 'max'. */
  readonly reduction?: Reduction;
}

export interface SerializedUnpoolingWeights {
  /** Of the finer sites (`proj_skip`). */
  readonly fine: ProjectionWeights;
  /** Of the coarser sites (`proj`, `up`). */
  readonly coarse: ProjectionWeights;
}

/**
 * SerializedPooling of Point Transformer V3 and GridPooling of LitePT: sites of the same cell of a coarser grid become one,
 * `gelu(normalize(max of linear(x)))`.
 *
 * @param x features float32
 * @returns features `[coarser sites, filters]` on the coarser grid, at `floor(coordinate / strides)`
 * @throws RangeError unless strides has an integer in range for each axis; what `linear` throws
 */
export function serializedPooling(
  x: SparseTensor,
  weights: ProjectionWeights,
  { strides, reduction = 'max' }: SerializedPoolingOptions = {},
): SparseTensor {
  requireReduction('serializedPooling', reduction);
  const { map, rows } = coarserSites('serializedPooling', x.map, strides);
  const features = tidy(() => {
    const reduced = reduceRows(linear(x.features, weights.linear, weights.linearBias), rows, reduction);
    return gelu(weights.normalize?.(reduced) ?? reduced);
  });
  return new SparseTensor(features, map);
}

/**
 * SerializedUnpooling of Point Transformer V3 and the unpooling of LitePT: finer sites, each with the features of its cell
 * of the coarser grid added, both after `gelu(normalize(linear(x)))` of their own.
 *
 * @param fine   features float32, that were pooled with the same strides
 * @param coarse features float32, on the pooled sites
 * @returns      features `[finer sites, filters]`
 * @throws RangeError where coarse has other sites than pooling gives; what `linear` throws
 */
export function serializedUnpooling(
  fine: SparseTensor,
  coarse: SparseTensor,
  weights: SerializedUnpoolingWeights,
  { strides }: Pick<SerializedPoolingOptions, 'strides'> = {},
): SparseTensor {
  const op = 'serializedUnpooling';
  const { map, rows } = coarserSites(op, fine.map, strides);
  const isPooled = coarse.map === map || haveEqualSites(coarse.map, map);
  requireRange(isPooled, op, `coarse must have the ${map.siteCount} pooled sites of fine`, coarse.map.siteCount);
  const features = tidy(() =>
    add(projected(fine, weights.fine), gatherRows(projected(coarse, weights.coarse), rows.transposed)),
  );
  return fine.withFeatures(features as Tensor2D);
}

function coarserSites(op: string, map: CoordinateMap, strides: readonly number[] | undefined): SiteGroups {
  const size = integersPerAxis(op, 'strides', strides ?? new Array<number>(map.rank).fill(2), map.rank, windowSizes);
  return groupBy(map, { size });
}

function projected({ features }: SparseTensor, { linear: matrix, linearBias, normalize }: ProjectionWeights): Tensor2D {
  const rows = linear(features, matrix, linearBias);
  return gelu(normalize?.(rows) ?? rows);
}
