import {
  CompressedRows,
  CoordinateMap,
  reduceRows,
  releaseWith,
  requireRange,
  requireReduction,
  SparseTensor,
  type Reduction,
} from '@tfjs-sparse/core';

/** The sites without an axis, and which of the sites with it are behind each. */
interface Grouping {
  readonly map: CoordinateMap;
  readonly rows: CompressedRows;
}

/** Sites without one axis by map, then by axis; they go when their map goes. */
const groupings = new WeakMap<CoordinateMap, Map<number, Grouping>>();

/**
 * Drops an axis: the sites that differ along it alone become one, with the sum, mean or maximum of their features. With
 * the height a sparse bird's-eye view. (torchsparse ToBEVReduction.)
 *
 * @param x  features `[sites, channels]`, rank 2 or more
 * @returns  features `[sites left, channels]` with one axis less
 */
export function reduceAxis(x: SparseTensor, axis: number, reduction: Reduction): SparseTensor {
  const { rank } = x.map;
  requireReduction('reduceAxis', reduction);
  requireRange(rank >= 2, 'reduceAxis', 'x must have rank 2 or more', rank);
  requireRange(Number.isInteger(axis) && axis >= 0 && axis < rank, 'reduceAxis', `axis must be 0 to ${rank - 1}`, axis);
  const { map, rows } = groupingOf(x.map, axis);
  return new SparseTensor(reduceRows(x.features, rows, reduction, 'shared'), map);
}

function groupingOf(map: CoordinateMap, axis: number): Grouping {
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
    const { map: left, inverse, pointStarts, pointOrder } = CoordinateMap.fromRows(rows, map.rank - 1, options);
    const bySite = { starts: pointStarts, order: pointOrder };
    grouping = { map: left, rows: CompressedRows.fromIndex(inverse, left.siteCount, bySite).transposed };
    releaseWith(map, grouping.rows);
    ofMap.set(axis, grouping);
  }
  return grouping;
}
