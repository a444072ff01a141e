import type { Tensor2D } from '@tensorflow/tfjs-core';
import {
  arePointRows,
  CoordinateMap,
  reduceRows,
  requirePoints,
  requireRange,
  requireType,
  SparseTensor,
  type CoordinateMapOptions,
  type Points,
} from '@tfjs-sparse/core';
import { pointCells, type PointGrid } from '../devoxelize/point-cells.js';
import { cornerCells, pointWeights } from '../devoxelize/point-weights.js';

export type SplatOptions = PointGrid & Pick<CoordinateMapOptions, 'batchSize'>;

/**
 * Spreads points onto all cells around them, by the linear weights of `pointWeights`: the adjoint of `devoxelize`.
 * Gradients flow to `features`. (MinkowskiEngine's TensorField with SPLAT_LINEAR_INTERPOLATION.)
 *
 * @param points    `[points, rank]` positions as rows, or flat with `origin` or a voxel size per axis
 * @param features  `[points, channels]`, float32
 * @returns         features `[cells around points, channels]`
 * @throws RangeError when sizes differ or a position is not finite
 */
export function splat(points: Points, features: Tensor2D, options: SplatOptions = {}): SparseTensor {
  requirePoints('splat', points);
  const rank = rankOf(points, options);
  requireType(rank !== undefined, 'splat', 'origin or a voxelSize per axis must be given with flat or no points', rank);
  const finest = Array<number>(rank).fill(1);
  const cells = pointCells('splat', points, finest, options);
  requireRange(
    features.rank === 2 && features.shape[0] === cells.count,
    'splat',
    `features must have shape [${cells.count}, channels] (one row per point)`,
    features.shape,
  );
  requireType(features.dtype === 'float32', 'splat', 'features must be float32', features.dtype);
  const { map } = CoordinateMap.fromRows(cornerCells(cells).rows, rank, { batchSize: options.batchSize });
  return new SparseTensor(reduceRows(features, pointWeights(map, points, options).transposed, 'sum'), map);
}

function rankOf(points: Points, { voxelSize, origin }: SplatOptions): number | undefined {
  if (points.length > 0 && arePointRows(points)) return points[0].length;
  return origin?.length ?? (typeof voxelSize === 'object' ? voxelSize.length : undefined);
}
