import type { Tensor2D } from '@tensorflow/tfjs-core';
import { reduceRows, requireRange, type SparseTensor } from '@tfjs-sparse/core';
import type { PointWeights } from './point-weights.js';

/**
 * Features at points: the weighted sum of the sites around each. Gradients flow to the features of `x`.
 * (torchsparse spdevoxelize, MinkowskiInterpolation, spconv gather_features_by_pc_voxel_id.)
 *
 * @param x        features `[sites, channels]`
 * @param weights  `pointWeights` of the points on the sites of `x`
 * @returns        `[points, channels]`; zeros where no site is near
 * @throws RangeError when the weights are those of other sites
 */
export function devoxelize(x: SparseTensor, weights: PointWeights): Tensor2D {
  requireRange(
    weights.columnCount === x.map.siteCount,
    'devoxelize',
    `weights must be those of ${x.map.siteCount} sites (as x)`,
    weights.columnCount,
  );
  return reduceRows(x.features, weights, 'sum');
}
