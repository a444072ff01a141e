import { groupBy, reduceRows, SparseTensor } from '@tfjs-sparse/core';
import { checkedWindows, type WindowOptions } from '../window-options.js';

/**
 * The mean of the features of each window that has a site. Windows do not reach from one cloud into another.
 *
 * @param x features `[sites, channels]`
 * @returns features `[windows, channels]` on the map of the windows, at `floor((coordinate + shift) / windowSize)`
 * @throws RangeError unless windowSize and shift have an integer in range for each axis
 */
export function windowMean(x: SparseTensor, options: WindowOptions): SparseTensor {
  const { map, rows } = groupBy(x.map, checkedWindows('windowMean', options, x.map.rank));
  return new SparseTensor(reduceRows(x.features, rows, 'mean'), map);
}
