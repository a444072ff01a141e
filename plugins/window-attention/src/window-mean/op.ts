import { groupBy, integersPerAxis, reduceRows, SparseTensor, windowShifts, windowSizes } from '@tfjs-sparse/core';

export interface WindowOptions {
  /** Cells of a window on each axis. */
  readonly windowSize: readonly number[];
  /** Added to the coordinates on each axis before they are divided into windows; default 0. */
  readonly shift?: readonly number[];
}

/**
 * The mean of the features of each window that has a site. Windows do not reach from one cloud into another.
 *
 * @param x features `[sites, channels]`
 * @returns features `[windows, channels]` on the map of the windows, at `floor((coordinate + shift) / windowSize)`
 * @throws RangeError unless windowSize and shift have an integer in range for each axis
 */
export function windowMean(x: SparseTensor, options: WindowOptions): SparseTensor {
  const { rank } = x.map;
  const size = integersPerAxis('windowMean', 'windowSize', options.windowSize, rank, windowSizes);
  const shift = integersPerAxis('windowMean', 'shift', options.shift, rank, windowShifts);
  const { map, rows } = groupBy(x.map, { size, shift });
  return new SparseTensor(reduceRows(x.features, rows, 'mean'), map);
}
