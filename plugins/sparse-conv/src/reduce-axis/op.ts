import { mul, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { groupBy, requireRange, SparseTensor, sumRows } from '@tfjs-sparse/core';
import { maxRows } from '../max-rows/op.js';

export type AxisReduction = 'sum' | 'mean' | 'max';

const modes: readonly AxisReduction[] = ['sum', 'mean', 'max'];

/**
 * Drops an axis: the sites that differ along it alone become one, with the sum, mean or maximum of their features. With
 * the height a sparse bird's-eye view. (torchsparse ToBEVReduction.)
 *
 * @param x  features `[sites, channels]`, rank 2 or more
 * @returns  features `[sites left, channels]` with one axis less
 */
export function reduceAxis(x: SparseTensor, axis: number, mode: AxisReduction): SparseTensor {
  const { rank } = x.map;
  requireRange(modes.includes(mode), 'reduceAxis', "mode must be 'sum', 'mean' or 'max'", mode);
  requireRange(rank >= 2, 'reduceAxis', 'x must have rank 2 or more', rank);
  requireRange(Number.isInteger(axis) && axis >= 0 && axis < rank, 'reduceAxis', `axis must be 0 to ${rank - 1}`, axis);
  const axes = [...x.map.stride.keys()].filter((other) => other !== axis);
  const groups = groupBy(x.map, { axes });
  const { map, starts } = groups;
  if (mode === 'max') return new SparseTensor(maxRows(x.features, groups), map);
  if (mode === 'sum') return new SparseTensor(sumRows(x.features, groups), map);
  const shares = Float32Array.from(starts.subarray(1), (end, group) => 1 / (end - starts[group]));
  return new SparseTensor(
    tidy(() => mul(sumRows(x.features, groups), tensor2d(shares, [shares.length, 1]))),
    map,
  );
}
