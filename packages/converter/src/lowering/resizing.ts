import { requireFormat } from '../format-error.js';
import { gather } from './slicing.js';
import { matMul } from './products.js';
import { inOrder, channelsLast, transpose } from './layout.js';
import type { TensorBuilder } from './tensor-builder.js';
import { writtenCount, plainOrder, type Length, type Value } from './value.js';

/** For each place of a resized axis the places that it is made of. */
export interface AxisWeights {
  readonly axis: number;
  readonly taps: readonly (readonly Tap[])[];
}

export interface Tap {
  readonly place: number;
  readonly weight: number;
}

/**
 * Resizes axes one after another: by picking where each place comes of one, else by a product with a matrix of weights.
 */
export function resample(builder: TensorBuilder, x: Value, axes: readonly AxisWeights[]): Value {
  return axes.reduce((value, { axis, taps }) => {
    const length = value.shape[axis];
    requireFormat(typeof length === 'number', 'convert', 'resized axes must have a known size', length);
    const isPick = taps.every((each) => each.length === 1 && each[0].weight === 1);
    if (isPick) return gather(builder, value, builder.integers(taps.map(([{ place }]) => place)), axis);
    const matrix = new Float32Array(writtenCount(length * taps.length));
    taps.forEach((each, to) => each.forEach(({ place, weight }) => (matrix[place * taps.length + to] += weight)));
    return alongAxis(builder, value, axis, builder.constant([length, taps.length], matrix));
  }, x);
}

function alongAxis(builder: TensorBuilder, x: Value, axis: number, matrix: Value): Value {
  const rest = plainOrder(x.shape.length).filter((each) => each !== axis);
  const product = matMul(builder, transpose(builder, x, [...rest, axis]), matrix);
  const back = plainOrder(x.shape.length).map((each) => (each === axis ? rest.length : rest.indexOf(each)));
  return transpose(builder, product, back);
}

/** By tfjs' own ops, of images `[batch, channels, height, width]`. */
export function resizeImages(
  builder: TensorBuilder,
  op: 'ResizeBilinear' | 'ResizeNearestNeighbor',
  x: Value,
  size: readonly Length[],
  places: 'corners' | 'centres' | 'edges',
): Value {
  const order = channelsLast(4);
  const made = { dtype: x.dtype, shape: [...x.shape.slice(0, 2), ...size], order };
  const attributes = { align_corners: { b: places === 'corners' }, half_pixel_centers: { b: places === 'centres' } };
  return builder.emit(op, [inOrder(builder, x, order), builder.integers(size)], made, attributes);
}

/** Of the place before and the one behind. */
export function linearWeights(part: number): number[] {
  return [1 - part, part];
}

/** Keys' cubic convolution: of four places, the second before. */
export function cubicWeights(part: number, a: number): number[] {
  const near = (d: number) => (a + 2) * d ** 3 - (a + 3) * d ** 2 + 1;
  const far = (d: number) => a * d ** 3 - 5 * a * d ** 2 + 8 * a * d - 4 * a;
  return [far(part + 1), near(part), near(1 - part), far(2 - part)];
}
