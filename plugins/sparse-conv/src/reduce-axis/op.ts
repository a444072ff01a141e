import { groupBy, reduceRows, requireRange, requireReduction, SparseTensor, type Reduction } from '@tfjs-sparse/core';

/**
 * Drops an axis: the sites that differ along it alone become one, with the sum, mean or maximum of their features. With
 * the height a sparse bird's-eye view. (torchsparse ToBEVReduction.)
 *
 * @param x  features `[sites, channels]`, rank 2 or more
 * @returns  features `[sites left, channels]` with one axis less
 * @throws RangeError for another axis or reduction, or where x has rank 1
 */
export function reduceAxis(x: SparseTensor, axis: number, reduction: Reduction): SparseTensor {
  const { rank } = x.map;
  requireReduction('reduceAxis', reduction);
  requireRange(rank >= 2, 'reduceAxis', 'x must have rank 2 or more', rank);
  requireRange(Number.isInteger(axis) && axis >= 0 && axis < rank, 'reduceAxis', `axis must be 0 to ${rank - 1}`, axis);
  const axes = [...x.map.stride.keys()].filter((other) => other !== axis);
  const { map, rows } = groupBy(x.map, { axes });
  return new SparseTensor(reduceRows(x.features, rows, reduction, 'shared'), map);
}
