import { requireRange } from '../errors.js';

/**
 * Which output sites a convolution has.
 *
 * - `same`: those of the input (submanifold)
 * - `covering`: every site whose window holds an input site (spconv, SparseConvNet, torchsparse 2)
 * - `coveringFromMinimum`: of these, the ones with `stride * u` at or above the least input coordinate of every axis
 *   (torchsparse 1.4)
 * - `floor`: `floor(c / stride)` of every input site (MinkowskiEngine)
 */
export type OutputRule = 'same' | 'covering' | 'coveringFromMinimum' | 'floor';

const outputRules: readonly OutputRule[] = ['same', 'covering', 'coveringFromMinimum', 'floor'];

/**
 * `y[u] = sum_k W_k x[stride * u + off_k]`, `off = dilation * d - padding` per axis with `d` in `0..kernelSize - 1`;
 * `k` counts the taps `d` with the last axis fastest. All arrays have one entry per axis.
 */
export interface KernelGeometry {
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
  readonly outputRule: OutputRule;
}

const axisLimit = 2 ** 20; // coordinates have 21 bits with sign; a kernel that reaches further meets no second site
const offsetLimit = 2 ** 20; // a filter this long could not be stored anyway

/** Checked geometries and their keys, by geometry: layers use one object for every call. An entry goes with its geometry. */
const checkedGeometries = new WeakMap<KernelGeometry, KernelGeometry>();
const cacheKeys = new WeakMap<KernelGeometry, string>();

/** Checks `geometry` and fixes the padding of a submanifold kernel to the one that centres it. */
export function checkedGeometry(geometry: KernelGeometry, rank: number): KernelGeometry {
  let checked = checkedGeometries.get(geometry);
  if (checked?.kernelSize.length !== rank) {
    checked = checkGeometry(geometry, rank);
    checkedGeometries.set(geometry, checked);
  }
  return checked;
}

function checkGeometry(geometry: KernelGeometry, rank: number): KernelGeometry {
  const { kernelSize, strides, padding, dilation, outputRule } = geometry;
  requireAxes('kernelSize', kernelSize, rank, 1);
  requireAxes('strides', strides, rank, 1);
  requireAxes('padding', padding, rank, 0);
  requireAxes('dilation', dilation, rank, 1);
  requireRange(
    outputRules.includes(outputRule),
    'kernelMap',
    "outputRule must be 'same', 'covering', 'coveringFromMinimum' or 'floor'",
    outputRule,
  );
  requireRange(
    kernelSize.every((size, axis) => dilation[axis] * (size - 1) < axisLimit) && offsetCount(geometry) <= offsetLimit,
    'kernelMap',
    `a kernel must span less than ${axisLimit} cells per axis and have at most ${offsetLimit} offsets`,
    kernelSize,
  );
  requireRange(
    strides.reduce((product, stride) => product * stride, 1) <= offsetLimit,
    'kernelMap',
    `strides must not multiply to more than ${offsetLimit}`,
    strides,
  );
  if (outputRule !== 'same') return geometry;
  requireRange(
    kernelSize.every((size) => size % 2 === 1),
    'kernelMap',
    'a submanifold kernel must be odd on every axis',
    kernelSize,
  );
  requireRange(
    strides.every((stride) => stride === 1),
    'kernelMap',
    'a submanifold convolution must have stride 1 on every axis',
    strides,
  );
  return { ...geometry, padding: kernelSize.map((size, axis) => (dilation[axis] * (size - 1)) / 2) };
}

function requireAxes(name: string, values: readonly number[], rank: number, least: number): void {
  requireRange(
    values.length === rank && values.every((value) => Number.isInteger(value) && value >= least && value <= axisLimit),
    'kernelMap',
    `${name} must have ${rank} integers of at least ${least} (one per axis)`,
    values,
  );
}

/** Holds everything that shapes a kernel map: maps of different geometries never meet in a cache. */
export function cacheKey(geometry: KernelGeometry): string {
  let key = cacheKeys.get(geometry);
  if (key === undefined) {
    const { kernelSize, strides, padding, dilation, outputRule } = geometry;
    key = [kernelSize, strides, padding, dilation, outputRule].join('|');
    cacheKeys.set(geometry, key);
  }
  return key;
}

/** The simplest geometry with the output sites of `geometry`: under `floor` they depend on the strides alone. */
export function sitesGeometry(geometry: KernelGeometry): KernelGeometry {
  if (geometry.outputRule !== 'floor') return geometry;
  const { strides } = geometry;
  return { ...geometry, kernelSize: strides, padding: strides.map(() => 0), dilation: strides.map(() => 1) };
}

/** Geometries with the same key have the same output sites. */
export function sitesKey(geometry: KernelGeometry): string {
  return cacheKey(sitesGeometry(geometry));
}

/** True when the output sites are the input sites. */
export function keepsSites({ kernelSize, strides, padding, outputRule }: KernelGeometry): boolean {
  if (outputRule === 'same') return true;
  if (strides.some((stride) => stride > 1)) return false;
  return outputRule === 'floor' || (kernelSize.every((size) => size === 1) && padding.every((cells) => cells === 0));
}

/** True when windows neither overlap nor leave gaps, so that every input site lies in exactly one. */
export function hasDisjointWindows({ kernelSize, strides, padding, dilation }: KernelGeometry): boolean {
  return kernelSize.every(
    (size, axis) => size === strides[axis] && padding[axis] === 0 && (size === 1 || dilation[axis] === 1),
  );
}

export function offsetCount({ kernelSize }: KernelGeometry): number {
  return kernelSize.reduce((product, size) => product * size, 1);
}

/** Int32 `[offsets, rank]`: the displacements `off_k` in order of `k`. */
export function kernelOffsets({ kernelSize, padding, dilation }: KernelGeometry): Int32Array {
  const rank = kernelSize.length;
  const count = kernelSize.reduce((product, size) => product * size, 1);
  const offsets = new Int32Array(count * rank);
  for (let k = 0; k < count; k++) {
    let rest = k;
    for (let axis = rank - 1; axis >= 0; axis--) {
      const tap = rest % kernelSize[axis];
      rest = (rest - tap) / kernelSize[axis];
      offsets[k * rank + axis] = dilation[axis] * tap - padding[axis];
    }
  }
  return offsets;
}

/** Index `k` of the offset that is zero on every axis, or -1. */
export function zeroOffset({ kernelSize, padding, dilation }: KernelGeometry): number {
  let k = 0;
  for (let axis = 0; axis < kernelSize.length; axis++) {
    const tap = padding[axis] / dilation[axis];
    if (!Number.isInteger(tap) || tap >= kernelSize[axis]) return -1;
    k = k * kernelSize[axis] + tap;
  }
  return k;
}
