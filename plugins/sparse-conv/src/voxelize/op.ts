import { Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import {
  arePointRows,
  CompressedRows,
  CoordinateMap,
  flatPoints,
  gatherRows,
  hostValues,
  reduceRows,
  requirePoints,
  requireRange,
  requireType,
  SparseTensor,
  type PointGrouping,
  type PointOptions,
  type Points,
} from '@tfjs-sparse/core';
import { sumPoints } from './sum-points.js';

export type VoxelReduction = 'mean' | 'sum' | 'max' | 'first';

export interface VoxelizeOptions extends PointOptions {
  /** How the features of the points of one site become those of the site; default mean. */
  readonly reduction?: VoxelReduction;
  /** Columns of `points` that are the position, 1 to 4; default all. Flat points take it from voxelSize or origin. */
  readonly rank?: number;
}

/**
 * Points to sites: cell = floor((position - origin) / voxelSize), computed in float32 as torchsparse and spconv do on
 * float tensors. Of other numbers than a Float32Array or a tensor's the origin is taken before they are rounded to
 * float32, as for coordinates of a map. 'mean', 'sum' and 'max' give the same bits for the points in any order; 'first'
 * keeps the point that comes first. On webgpu, sums are exact to 48 bits below the largest value of a site of up to 128
 * points, and lose two bits with each doubling of its points. Gradients flow to `features`: to all points of a site (mean,
 * sum), to the greatest in equal shares (max), or to the first.
 *
 * @param points    `[points, rank]` positions as rows, or flat in an array or typed array; further columns than `rank` are
 *   not read. What webgpu computed cannot be read at once: pass `await points.data()`.
 * @param features  `[points, channels]`, float32
 * @returns         the sites with features `[sites, channels]`; int32 `[points]` the site of each point
 * @throws RangeError when sizes differ, a position is not finite, or voxelSize is not positive
 */
export function voxelize(
  points: Points | Tensor2D,
  features: Tensor2D,
  options: VoxelizeOptions,
): { tensor: SparseTensor; inverse: Int32Array } {
  const { reduction = 'mean' } = options;
  requireRange(
    Object.hasOwn(reductions, reduction),
    'voxelize',
    `reduction must be one of ${Object.keys(reductions).join(', ')}`,
    reduction,
  );
  const { values, rank, pointStride } = positions(points, options);
  requireRange(
    features.rank === 2 && features.shape[0] * pointStride === values.length,
    'voxelize',
    `features must have shape [${values.length / pointStride}, channels] (one row per point)`,
    features.shape,
  );
  requireType(features.dtype === 'float32', 'voxelize', 'features must be float32', features.dtype);
  const grouping = CoordinateMap.fromPoints(values, rank, { ...options, pointStride });
  const tensor = new SparseTensor(reductions[reduction](features, grouping), grouping.map);
  return { tensor, inverse: grouping.inverse };
}

const reductions: Record<VoxelReduction, (features: Tensor2D, grouping: PointGrouping) => Tensor2D> = {
  mean: (features, grouping) => sumPoints(features, { rows: rowsOf(grouping), isMean: true }),
  sum: (features, grouping) => sumPoints(features, { rows: rowsOf(grouping), isMean: false }),
  max: (features, grouping) => reduceRows(features, rowsOf(grouping), 'max', 'shared'),
  first(features, { pointStarts, pointOrder }) {
    const firstPoints = pointStarts.subarray(0, -1).map((start) => pointOrder[start]);
    return gatherRows(features, CompressedRows.fromIndex(firstPoints, features.shape[0]));
  },
};

/** The points of each site. */
function rowsOf({ map, inverse, pointStarts, pointOrder }: PointGrouping): CompressedRows {
  const bySite = { starts: pointStarts, order: pointOrder };
  return CompressedRows.fromIndex(inverse, map.siteCount, bySite).transposed;
}

interface Positions {
  /** `[points, pointStride]` */
  readonly values: ArrayLike<number>;
  readonly rank: number;
  readonly pointStride: number;
}

function positions(points: Points | Tensor2D, options: VoxelizeOptions): Positions {
  const { voxelSize, origin } = options;
  if (points instanceof Tensor) {
    requireRange(points.rank === 2, 'voxelize', 'points must have shape [points, rank]', points.shape);
    const [, columns] = points.shape;
    const values = hostValues(points, 'voxelize', 'points');
    return { values, rank: options.rank ?? columns, pointStride: columns };
  }
  requirePoints('voxelize', points);
  if (points.length > 0 && arePointRows(points)) {
    const columns = points[0].length;
    return { values: flatPoints('voxelize', points, columns), rank: options.rank ?? columns, pointStride: columns };
  }
  const rank = options.rank ?? (typeof voxelSize === 'number' ? origin?.length : voxelSize.length);
  requireType(rank !== undefined, 'voxelize', 'options.rank must be given with flat or no points', rank);
  return { values: points as ArrayLike<number>, rank, pointStride: options.pointStride ?? rank };
}
