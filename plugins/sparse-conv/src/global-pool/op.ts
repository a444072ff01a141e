import type { Tensor2D } from '@tensorflow/tfjs-core';
import { groupByCloud, reduceRows, requireReduction, type Reduction, type SparseTensor } from '@tfjs-sparse/core';

/**
 * Pools all sites of each cloud: mean, maximum or sum per channel. A cloud without sites gives zeros. The gradient of
 * 'max' goes to the greatest sites; equal ones share it evenly, as in torch.amax.
 * (MinkowskiGlobalAvgPooling, torchsparse.nn.GlobalAvgPool, spconv's SparseGlobalMaxPool.)
 *
 * @param x  features `[sites, channels]`
 * @returns  `[clouds, channels]`
 * @throws RangeError for an unknown reduction
 */
export function globalPool(x: SparseTensor, reduction: Reduction): Tensor2D {
  requireReduction('globalPool', reduction);
  return reduceRows(x.features, groupByCloud(x.map), reduction, 'shared');
}
