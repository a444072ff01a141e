import { offsetCount, reduceRows, requireRange, SparseTensor, type KernelGeometry } from '@tfjs-sparse/core';
import { perAxis, type PerAxis } from '../convolution-arguments.js';
import { stridedGeometry, type StridedGeometry } from '../sparse-conv/op.js';
import { windowsOf } from './windows.js';

export interface PoolOptions extends Omit<StridedGeometry, 'kernelSize' | 'strides'> {
  /** Needed unless `offsets` are given. */
  readonly poolSize?: PerAxis;
  /** Default `poolSize`; 1 with `offsets`. */
  readonly strides?: PerAxis;
}

export type PoolDivisor = 'sites' | 'volume';

export interface AveragePoolOptions extends PoolOptions {
  /** `sites` (default; MinkowskiEngine, spconv): the sites in the window. `volume` (SparseConvNet): all of its cells. */
  readonly divisor?: PoolDivisor;
}

/**
 * The greatest feature of the sites in each window, per channel, on a coarser set of sites as `sparseConv` makes it. A
 * NaN wins. The gradient goes to the greatest site, of equal ones to the first. A window without sites, possible only
 * where `floor` meets strides above the pool size, gives 0.
 * (MinkowskiMaxPooling. spconv's SparseMaxPool and SparseConvNet's MaxPooling start from 0: tf.relu of this.)
 *
 * @param x  features `[sites, channels]`
 * @returns  features `[output sites, channels]` on a grid whose stride is that of `x` times `strides`
 * @throws RangeError when an option is out of range
 */
export function sparseMaxPool(x: SparseTensor, options: PoolOptions): SparseTensor {
  return poolOn(x, 'max', poolGeometry('sparseMaxPool', options, x.map.rank));
}

/**
 * The mean of the sites in each window, per channel. As `sparseMaxPool` otherwise.
 * (MinkowskiAvgPooling, spconv SparseAvgPool; SparseConvNet AveragePooling with the divisor `volume`.)
 */
export function sparseAveragePool(x: SparseTensor, options: AveragePoolOptions): SparseTensor {
  const geometry = poolGeometry('sparseAveragePool', options, x.map.rank);
  return poolOn(x, averageMode('sparseAveragePool', options.divisor), geometry);
}

/** The sum of the sites in each window, per channel. As `sparseMaxPool` otherwise. (MinkowskiSumPooling.) */
export function sparseSumPool(x: SparseTensor, options: PoolOptions): SparseTensor {
  return poolOn(x, 'sum', poolGeometry('sparseSumPool', options, x.map.rank));
}

export type PoolMode = 'max' | 'sum' | 'sites' | 'volume';

/** Pools with a geometry that `poolGeometry` made; `sites` and `volume` are averages with that divisor. */
export function poolOn(x: SparseTensor, mode: PoolMode, geometry: KernelGeometry): SparseTensor {
  const windows = windowsOf(x.map.kernelMap(geometry));
  const coarse = x.map.downsample(geometry);
  if (mode === 'max' || mode === 'sum') return new SparseTensor(reduceRows(x.features, windows, mode), coarse);
  if (mode === 'sites') return new SparseTensor(reduceRows(x.features, windows, 'mean'), coarse);
  const volume = offsetCount(geometry);
  const weighted = windows.weighted(`volume ${volume}`, () => 1 / volume);
  return new SparseTensor(reduceRows(x.features, weighted, 'sum'), coarse);
}

export function averageMode(op: string, divisor: PoolDivisor = 'sites'): PoolDivisor {
  requireRange(divisor === 'sites' || divisor === 'volume', op, "divisor must be 'sites' or 'volume'", divisor);
  return divisor;
}

/** The checked geometry of a pool, with the defaults filled in. */
export function poolGeometry(op: string, options: PoolOptions, rank: number): KernelGeometry {
  const { offsets, poolSize: given, strides } = options;
  requireRange(given !== undefined || offsets !== undefined, op, 'poolSize or offsets must be given', given);
  const poolSize = given === undefined ? undefined : perAxis(op, 'poolSize', given, rank, 1);
  // Windows list their sites in order of the offsets, which must be that of the sites: of equal ones the first wins.
  const ascending =
    offsets && [...offsets].sort((a, b) => a.map((d, axis) => d - b[axis]).find((step) => step !== 0) ?? 0);
  const kernel = { kernelSize: poolSize, strides: strides ?? poolSize ?? 1, offsets: ascending };
  return stridedGeometry(op, { ...options, ...kernel }, rank);
}
