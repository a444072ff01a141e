import type * as tf from '@tensorflow/tfjs-core';
import { CompressedRows, CoordinateMap, gatherRows, hostValues } from '@tfjs-sparse/core';

/** Rows of features in any order as rows of a map's sites, and back; gradients take the same way. */
export function mapOrder(op: string, coordinates: tf.Tensor) {
  const [count, columns] = coordinates.shape;
  const { map, order } = CoordinateMap.fromCoordinates(
    hostValues(coordinates, op, 'coordinates') as Int32Array,
    columns - 1,
  );
  if (!order) return { map, order: null, toSites: same, toRows: same };
  const sites = new Int32Array(count);
  order.forEach((row, site) => (sites[row] = site));
  return {
    map,
    order,
    toSites: (x: tf.Tensor2D) => gatherRows(x, CompressedRows.fromIndex(order, count)),
    toRows: (x: tf.Tensor2D) => gatherRows(x, CompressedRows.fromIndex(sites, count)),
  };
}

function same(x: tf.Tensor2D): tf.Tensor2D {
  return x;
}
