import { reduceRows, SparseTensor, type CoordinateMap, type KernelGeometry } from '@tfjs-sparse/core';
import { poolGeometry, type PoolOptions } from '../pool/op.js';
import { windowsOf } from '../pool/windows.js';
import { requireCoarseSites } from '../inverse-conv/op.js';

export interface UnpoolOptions extends PoolOptions {
  /** The sites to go back to: those that the pooling with this geometry started from. */
  readonly target: CoordinateMap;
}

/**
 * The way back up from a pooling: every site gets the sum of the windows that it lies in, where windows do not overlap a
 * copy of its window. (SparseConvNet UnPooling; MinkowskiPoolingTranspose, which sums overlaps too.)
 *
 * @param x  features `[coarse sites, channels]` on the sites that a pooling with these options gave
 * @returns  features `[target sites, channels]` on `target`
 * @throws RangeError when `x` is not on the sites that this geometry gives from `target`
 */
export function sparseUnpool(x: SparseTensor, options: UnpoolOptions): SparseTensor {
  return unpoolOn(x, poolGeometry('sparseUnpool', options, x.map.rank), options.target);
}

/** `sparseUnpool` with a geometry that `poolGeometry` made. */
export function unpoolOn(x: SparseTensor, geometry: KernelGeometry, target: CoordinateMap): SparseTensor {
  requireCoarseSites('sparseUnpool', x, geometry, target);
  const windows = windowsOf(target.kernelMap(geometry));
  return new SparseTensor(reduceRows(x.features, windows.transposed, 'sum'), target);
}
