import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import {
  haveEqualSites,
  requireEpilogue,
  requireRange,
  SparseTensor,
  type CoordinateMap,
  type Epilogue,
  type KernelGeometry,
} from '@tfjs-sparse/core';
import { checkFilter, requireMap } from '../convolution-arguments.js';
import { mapConvolution } from '../map-convolution/op.js';
import { stridedGeometry, type SparseConvOptions } from '../sparse-conv/op.js';

export interface SparseInverseConvOptions extends SparseConvOptions {
  /** The sites to go back to: those that the strided convolution with this geometry started from. */
  readonly target: CoordinateMap;
}

/**
 * The way back up from a strided convolution, onto the sites that it started from, over the same pairs and the same
 * offset index (spconv SparseInverseConv, torchsparse and MinkowskiEngine transposed convolution on cached sites):
 * `y[strides * u + dilation * d - padding] += x[u] * filter[d]`.
 *
 * @param x      features `[coarse sites, inChannels]` on the sites that `sparseConv` with these options gave
 * @param filter `[offsets, inChannels / groups, outChannels]`, offsets with the last axis fastest or as listed
 * @returns      features `[target sites, outChannels]` on `target`
 * @throws RangeError when `x` is not on the sites that this geometry gives from `target`, or a shape does not match
 */
export function sparseInverseConv(x: SparseTensor, filter: Tensor3D, options: SparseInverseConvOptions): SparseTensor {
  const geometry = stridedGeometry(op, options, x.map.rank);
  return sparseInverseConvOn(x, filter, geometry, options.target, options, options.groups);
}

/** `sparseInverseConv` with a geometry that `stridedGeometry` made, for layers, which use one for every call. */
export function sparseInverseConvOn(
  x: SparseTensor,
  filter: Tensor3D,
  geometry: KernelGeometry,
  target: CoordinateMap,
  epilogue: Epilogue<Tensor2D> = {},
  groups = 1,
): SparseTensor {
  checkFilter(op, x, filter, geometry, groups);
  requireCoarseSites(op, x, geometry, target);
  requireEpilogue(op, epilogue, [target.siteCount, filter.shape[2]]);
  const map = target.kernelMap(geometry).transposed();
  return new SparseTensor(mapConvolution(x.features, filter, { map, isAdjoint: false }, epilogue, groups), target);
}

const op = 'sparseInverseConv';

/** Checks that `x` is on the sites that `geometry` gives from `target`. */
export function requireCoarseSites(op: string, x: SparseTensor, geometry: KernelGeometry, target: CoordinateMap): void {
  requireMap(op, target);
  requireRange(target.rank === x.map.rank, op, `target must have rank ${x.map.rank} (as x)`, target.rank);
  const coarse = target.downsample(geometry);
  requireRange(
    haveEqualSites(coarse, x.map),
    op,
    `x must be on the ${coarse.siteCount} sites that this geometry gives from target`,
    `${x.map.siteCount} other sites`,
  );
}
