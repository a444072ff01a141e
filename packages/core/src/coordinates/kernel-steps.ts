import type { KernelGeometry } from './kernel-geometry.js';
import { boxTaps } from './kernel-offsets.js';
import { keyStep, type KeySpace } from './key-space.js';

/** Taps of one axis: `count` of them, `dilation` apart, the first at `first`. */
export interface AxisTaps {
  readonly first: number;
  readonly count: number;
  readonly dilation: number;
}

/** The taps behind the centre. */
export function behind({ count, dilation }: AxisTaps): AxisTaps {
  return { first: dilation, count: (count - 1) / 2, dilation };
}

export function oneTap(first: number): AxisTaps {
  return { first, count: 1, dilation: 1 };
}

export function displacement(tap: readonly number[], { padding, dilation }: KernelGeometry): number[] {
  return tap.map((d, axis) => dilation[axis] * d - padding[axis]);
}

export function lastTwoTaps({
  kernelSize,
  padding,
  dilation,
}: KernelGeometry): [cellTaps: AxisTaps, siteTaps: AxisTaps] {
  const last = kernelSize.length - 1;
  const tapsOf = (axis: number): AxisTaps => ({
    first: -padding[axis],
    count: kernelSize[axis],
    dilation: dilation[axis],
  });
  return [last > 0 ? tapsOf(last - 1) : oneTap(0), tapsOf(last)];
}

/** Steps of the axes before the last two, one per combination of their taps. */
export function slabSteps(space: KeySpace, geometry: KernelGeometry): bigint[] {
  const leading = geometry.kernelSize.slice(0, -2);
  return boxTaps(leading).map((tap) => keyStep(space, displacement(tap, geometry)));
}
