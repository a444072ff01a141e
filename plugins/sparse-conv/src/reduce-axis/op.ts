import { mul, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { CoordinateMap, releaseWith, requireRange, SparseTensor, sumRows, type PointGrouping } from '@tfjs-sparse/core';
import { maxRows } from '../max-rows/op.js';

export type AxisReduction = 'sum' | 'mean' | 'max';

const modes: readonly AxisReduction[] = ['sum', 'mean', 'max'];

/** Sites without one axis by map, then by axis; they go when their map goes. */
const groupings = new WeakMap<CoordinateMap, Map<number, PointGrouping>>();

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
  const { map, inverse, pointStarts, pointOrder } = groupingOf(x.map, axis);
  const rows = { index: inverse, starts: pointStarts, order: pointOrder };
  if (mode === 'max') return new SparseTensor(maxRows(x.features, rows), map);
  if (mode === 'sum') return new SparseTensor(sumRows(x.features, rows), map);
  const shares = Float32Array.from(pointStarts.subarray(1), (end, site) => 1 / (end - pointStarts[site]));
  return new SparseTensor(
    tidy(() => mul(sumRows(x.features, rows), tensor2d(shares, [shares.length, 1]))),
    map,
  );
}

function groupingOf(map: CoordinateMap, axis: number): PointGrouping {
  let ofMap = groupings.get(map);
  if (!ofMap) groupings.set(map, (ofMap = new Map()));
  let grouping = ofMap.get(axis);
  if (!grouping) {
    const without = <T>(values: readonly T[]) => values.filter((_, other) => other !== axis);
    const rows = map.coordinates.filter((_, i) => i % (1 + map.rank) !== 1 + axis);
    const { batchSize, spatialShape } = map;
    const options = {
      batchSize,
      stride: without(map.stride),
      spatialShape: spatialShape ? without(spatialShape) : undefined,
    };
    ofMap.set(axis, (grouping = CoordinateMap.fromRows(rows, map.rank - 1, options)));
    const { inverse, pointStarts, pointOrder } = grouping;
    for (const table of [inverse, pointStarts, pointOrder]) releaseWith(map, table);
  }
  return grouping;
}
