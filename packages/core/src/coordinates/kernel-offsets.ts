import { requireRange } from '../errors.js';
import type { KernelGeometry } from './kernel-geometry.js';

export function offsetCount({ kernelSize, taps }: Pick<KernelGeometry, 'kernelSize' | 'taps'>): number {
  return taps ? taps.length : kernelSize.reduce((product, size) => product * size, 1);
}

/** The taps of a box, last axis fastest. */
export function boxTaps(kernelSize: readonly number[]): number[][] {
  return kernelSize.reduce<number[][]>(
    (taps, size) => taps.flatMap((tap) => Array.from({ length: size }, (_, d) => [...tap, d])),
    [[]],
  );
}

/** Int32 `[offsets, rank]`: the displacements `off_k` in order of `k`. */
export function kernelOffsets({ kernelSize, padding, dilation, taps }: KernelGeometry): Int32Array {
  return Int32Array.from(
    (taps ?? boxTaps(kernelSize)).flatMap((tap) => tap.map((d, axis) => dilation[axis] * d - padding[axis])),
  );
}

/** Index `k` of the offset that is zero on every axis, or -1. */
export function zeroOffset({ kernelSize, padding, dilation, taps }: KernelGeometry): number {
  const zero = padding.map((cells, axis) => cells / dilation[axis]);
  if (taps) return taps.findIndex((tap) => tap.every((d, axis) => d === zero[axis]));
  if (!zero.every((d, axis) => Number.isInteger(d) && d >= 0 && d < kernelSize[axis])) return -1;
  return zero.reduce((k, d, axis) => k * kernelSize[axis] + d, 0);
}

/** True when offset `k` is the opposite of offset `offsets - 1 - k` for every `k`, around one that is zero. */
export function isCentred({ kernelSize, padding, dilation, taps }: KernelGeometry): boolean {
  const isAround = kernelSize.every((size, axis) => 2 * padding[axis] === dilation[axis] * (size - 1));
  if (!isAround) return false;
  if (!taps) return kernelSize.every((size) => size % 2 === 1);
  const last = taps.length - 1;
  const isOpposite = (tap: readonly number[], k: number): boolean =>
    tap.every((d, axis) => d + taps[last - k][axis] === kernelSize[axis] - 1);
  return taps.length % 2 === 1 && taps.every(isOpposite);
}

/** Moves listed taps to 0 on every axis, with the padding that undoes it; the full box in its own order needs no list. */
export function withBoxOfTaps(geometry: KernelGeometry, taps: readonly (readonly number[])[]): KernelGeometry {
  const { padding, dilation } = geometry;
  const rank = padding.length;
  const isRow = (tap: readonly number[]): boolean => tap.length === rank && tap.every(Number.isInteger);
  requireRange(taps.length > 0, 'kernelMap', 'taps must hold at least one tap', 'none');
  taps.forEach((tap, k) => {
    requireRange(isRow(tap), 'kernelMap', `taps must be rows of ${rank} integers`, `[${tap.join(', ')}] in row ${k}`);
  });
  requireRange(
    new Set(taps.map((tap) => tap.join())).size === taps.length,
    'kernelMap',
    'taps must differ from each other',
    `[${taps.map((tap) => `[${tap.join(', ')}]`).join(', ')}]`,
  );
  const valuesOf = (axis: number): number[] => taps.map((tap) => tap[axis]);
  const least = padding.map((_, axis) => valuesOf(axis).reduce((a, b) => Math.min(a, b)));
  const greatest = padding.map((_, axis) => valuesOf(axis).reduce((a, b) => Math.max(a, b)));
  const kernelSize = least.map((first, axis) => greatest[axis] - first + 1);
  const moved = taps.map((tap) => tap.map((d, axis) => d - least[axis]));
  const isBox = kernelSize.reduce((product, size) => product * size, 1) === taps.length && isAscending(moved);
  return {
    ...geometry,
    kernelSize,
    padding: padding.map((cells, axis) => cells - dilation[axis] * least[axis]),
    taps: isBox ? undefined : moved,
  };
}

function isAscending(taps: readonly (readonly number[])[]): boolean {
  return taps.every((tap, k) => k === 0 || compareTaps(taps[k - 1], tap) < 0);
}

/** Lexicographic: the order of a box. */
export function compareTaps(a: readonly number[], b: readonly number[]): number {
  const axis = a.findIndex((d, i) => d !== b[i]);
  return axis < 0 ? 0 : a[axis] - b[axis];
}
