import { requireRange } from '../errors.js';
import { offsetCount, withBoxOfTaps } from './kernel-offsets.js';

/**
 * Which output sites a convolution has.
 *
 * - `same`: those of the input (submanifold)
 * - `covering`: every site whose window holds an input site (spconv, SparseConvNet, torchsparse 2)
 * - `coveringFromMinimum`: of these, the ones with `stride * u` at or above the least input coordinate of every axis
 *   (torchsparse 1.4)
 * - `floor`: `floor(c / stride)` of every input site (MinkowskiEngine)
 * - `generative`: every `stride * u + off_k` of an input site `u`; the convolution is transposed
 */
export type OutputRule = 'same' | 'covering' | 'coveringFromMinimum' | 'floor' | 'generative';

const outputRules: readonly OutputRule[] = ['same', 'covering', 'coveringFromMinimum', 'floor', 'generative'];

/**
 * `y[u] = sum_k W_k x[stride * u + off_k]`, or transposed `y[stride * u + off_k] += W_k x[u]`, with
 * `off = dilation * d - padding` per axis. The taps `d` are those of the box, `0..kernelSize - 1` on every axis, and `k`
 * counts them with the last axis fastest; or they are listed. All arrays have one entry per axis.
 */
export interface KernelGeometry {
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  /** At least 0; a checked geometry with listed taps has one that moves them to 0. */
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
  readonly outputRule: OutputRule;
  /** Taps of a kernel that is no full box, `k` counting them as listed; they may be negative. `kernelSize` then is not read. */
  readonly taps?: readonly (readonly number[])[];
  /** Cells that a `generative` output grid with a shape has behind its end, less than the stride; default 0. */
  readonly outputPadding?: readonly number[];
}

const axisLimit = 2 ** 20; // coordinates have 21 bits with sign; a kernel that reaches further meets no second site
const offsetLimit = 2 ** 20; // a filter this long could not be stored anyway

/** Checked geometries and their keys, by geometry: layers use one object for every call. An entry goes with its geometry. */
const checkedGeometries = new WeakMap<KernelGeometry, KernelGeometry>();
const cacheKeys = new WeakMap<KernelGeometry, string>();

/** Checks `geometry`; listed taps are moved into the box that `kernelSize` then tells, from 0 on every axis. */
export function checkedGeometry(geometry: KernelGeometry, rank: number): KernelGeometry {
  let checked = checkedGeometries.get(geometry);
  if (checked?.kernelSize.length !== rank) {
    checked = checkGeometry(geometry, rank);
    checkedGeometries.set(geometry, checked);
    checkedGeometries.set(checked, checked);
  }
  return checked;
}

function checkGeometry(given: KernelGeometry, rank: number): KernelGeometry {
  const { strides, outputRule, outputPadding } = given;
  requireAxes('kernelSize', given.kernelSize, rank, 1);
  requireAxes('strides', strides, rank, 1);
  requireAxes('padding', given.padding, rank, 0);
  requireAxes('dilation', given.dilation, rank, 1);
  requireRange(
    outputRules.includes(outputRule),
    'kernelMap',
    "outputRule must be 'same', 'covering', 'coveringFromMinimum', 'floor' or 'generative'",
    outputRule,
  );
  const geometry = given.taps ? withBoxOfTaps(given, given.taps) : given;
  const { kernelSize, padding, dilation } = geometry;
  requireRange(
    kernelSize.every((size, axis) => dilation[axis] * (size - 1) < axisLimit && Math.abs(padding[axis]) <= axisLimit) &&
      offsetCount(geometry) <= offsetLimit,
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
  requireRange(
    outputRule !== 'same' || strides.every((stride) => stride === 1),
    'kernelMap',
    'a submanifold convolution must have stride 1 on every axis',
    strides,
  );
  if (outputPadding) {
    requireAxes('outputPadding', outputPadding, rank, 0);
    const isBelow = outputPadding.every((cells, axis) => cells < strides[axis]);
    requireRange(
      isBelow,
      'kernelMap',
      `outputPadding must be less than strides [${strides.join(', ')}]`,
      outputPadding,
    );
  }
  return geometry;
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
    const { kernelSize, strides, padding, dilation, outputRule, taps, outputPadding } = geometry;
    key = [kernelSize, strides, padding, dilation, outputRule, taps, outputPadding].join('|');
    cacheKeys.set(geometry, key);
  }
  return key;
}

/** The simplest geometry with the output sites of `geometry`: under `floor` they depend on the strides alone. */
export function sitesGeometry(geometry: KernelGeometry): KernelGeometry {
  if (geometry.outputRule !== 'floor') return geometry;
  const { strides } = geometry;
  const [zeros, ones] = [strides.map(() => 0), strides.map(() => 1)];
  return { ...geometry, kernelSize: strides, padding: zeros, dilation: ones, taps: undefined };
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
export function hasDisjointWindows({ kernelSize, strides, padding, dilation, taps }: KernelGeometry): boolean {
  if (taps) return false;
  return kernelSize.every(
    (size, axis) => size === strides[axis] && padding[axis] === 0 && (size === 1 || dilation[axis] === 1),
  );
}
