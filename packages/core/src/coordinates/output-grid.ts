import { requireRange } from '../errors.js';
import { coordinateLimit } from './coordinate-limits.js';
import type { KernelGeometry } from './kernel-geometry.js';
import type { Bounds } from './key-space.js';

/** Where the output sites of a convolution may lie; one entry per axis, both ends inclusive. */
export interface OutputGrid {
  readonly least: readonly number[];
  readonly greatest: readonly number[];
  readonly spatialShape: readonly number[] | null;
}

/**
 * Under both covering rules a grid with a shape keeps
 * `0 <= u < floor((S + 2 padding - dilation (K - 1) - 1) / stride) + 1` (spconv). Under `coveringFromMinimum` one without
 * keeps `stride * u >= the least input coordinate`. Under `generative` a grid with a shape keeps
 * `0 <= v < (S - 1) stride - 2 padding + dilation (K - 1) + outputPadding + 1` (PyTorch; spconv without its dilation).
 * Otherwise nothing is cut. K and the padding of listed taps are those of their box.
 *
 * @param bounds of the input sites
 */
export function outputGrid(geometry: KernelGeometry, bounds: Bounds, shape: readonly number[] | null): OutputGrid {
  const { kernelSize, strides, padding, dilation, outputRule } = geometry;
  const spatialShape = shape && shape.map((size, axis) => outputSize(geometry, axis, size));
  requireRange(
    !spatialShape || spatialShape.every((size) => size >= 1),
    'downsample',
    'the kernel must fit the padded spatialShape on every axis',
    shape,
  );
  const reached = strides.map((stride, axis) => {
    const reach = dilation[axis] * (kernelSize[axis] - 1);
    if (outputRule === 'generative') {
      const first = stride * bounds.minimum[axis + 1] - padding[axis];
      const last = stride * bounds.maximum[axis + 1] + reach - padding[axis];
      return spatialShape ? [Math.max(first, 0), Math.min(last, spatialShape[axis] - 1)] : [first, last];
    }
    const first = Math.ceil((bounds.minimum[axis + 1] + padding[axis] - reach) / stride);
    const last = Math.floor((bounds.maximum[axis + 1] + padding[axis]) / stride);
    if (outputRule === 'floor') return [first, last];
    if (!spatialShape && outputRule === 'covering') return [first, last];
    if (spatialShape) return [Math.max(first, 0), Math.min(last, spatialShape[axis] - 1)];
    return [Math.max(first, Math.ceil(bounds.minimum[axis + 1] / stride)), last];
  });
  const least = reached.map(([first]) => first);
  const greatest = reached.map(([, last]) => last);
  requireRange(
    least.every((first) => first >= -coordinateLimit) && greatest.every((last) => last < coordinateLimit),
    'downsample',
    `output coordinates must lie in [${-coordinateLimit}, ${coordinateLimit})`,
    `[${least.join(', ')}] to [${greatest.join(', ')}]`,
  );
  return { least, greatest, spatialShape };
}

function outputSize(geometry: KernelGeometry, axis: number, size: number): number {
  const { kernelSize, strides, padding, dilation, outputRule, outputPadding } = geometry;
  const reach = dilation[axis] * (kernelSize[axis] - 1);
  if (outputRule === 'floor') return Math.ceil(size / strides[axis]);
  if (outputRule === 'generative') {
    return (size - 1) * strides[axis] - 2 * padding[axis] + reach + (outputPadding?.[axis] ?? 0) + 1;
  }
  return Math.floor((size + 2 * padding[axis] - reach - 1) / strides[axis]) + 1;
}
