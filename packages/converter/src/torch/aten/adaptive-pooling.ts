import { requireFormat } from '../../format-error.js';
import { averagePooling, maxPooling } from '../../lowering/pooling.js';
import { reduce } from '../../lowering/reductions.js';
import { resample } from '../../lowering/resizing.js';
import { concat, slice } from '../../lowering/slicing.js';
import type { TensorBuilder } from '../../lowering/tensor-builder.js';
import { plainOrder, type Value } from '../../lowering/value.js';
import { reader } from '../aten-operation.js';

/**
 * Means over parts of the places, as even as they can be.
 *
 * @param x `[batch, channels, ...places]`
 * @param sizes how many parts each axis of places has
 */
export function adaptiveAverage(builder: TensorBuilder, x: Value, sizes: readonly number[]): Value {
  const windows = evenWindows(x, sizes);
  if (sizes.every((size) => size === 1)) return overPlaces(builder, 'Mean', x);
  if (windows) return averagePooling(builder, x, { ...windows, countsPads: true });
  const axes = sizes.map((size, i) => {
    const taps = partsOf(lengthOf(x, i), size).map(({ start, end }) =>
      plainOrder(end - start).map((place) => ({ place: start + place, weight: 1 / (end - start) })),
    );
    return { axis: i + 2, taps };
  });
  return resample(builder, x, axes);
}

/** The same of the largest elements. */
export function adaptiveMax(builder: TensorBuilder, x: Value, sizes: readonly number[]): Value {
  const windows = evenWindows(x, sizes);
  if (sizes.every((size) => size === 1)) return overPlaces(builder, 'Max', x);
  if (windows) return maxPooling(builder, x, windows);
  return sizes.reduce((value, size, i) => {
    const axis = i + 2;
    const parts = partsOf(lengthOf(value, i), size).map((part) => slice(builder, value, [{ axis, ...part }]));
    return concat(builder, parts.map((part) => reduce(builder, 'Max', part, [axis], true)), axis); // prettier-ignore
  }, x);
}

function overPlaces(builder: TensorBuilder, op: 'Mean' | 'Max', x: Value): Value {
  return reduce(builder, op, x, plainOrder(x.shape.length).slice(2), true);
}

/** Windows of one size; null where parts must differ. */
function evenWindows(x: Value, sizes: readonly number[]) {
  if (sizes.every((size) => size === 1)) return null;
  const isEven = sizes.every((size, i) => lengthOf(x, i) % size === 0);
  if (!isEven) return null;
  const kernel = sizes.map((size, i) => lengthOf(x, i) / size);
  const pads = sizes.map((): [number, number] => [0, 0]);
  return { kernel, strides: kernel, dilations: sizes.map(() => 1), pads, isCeiling: false };
}

function lengthOf({ shape }: Value, place: number): number {
  const length = shape[place + 2];
  requireFormat(typeof length === 'number', reader, 'an adaptive pooling must have places of a known size', length);
  return length;
}

function partsOf(length: number, size: number): { readonly start: number; readonly end: number }[] {
  return plainOrder(size).map((part) => ({
    start: Math.floor((part * length) / size),
    end: Math.ceil(((part + 1) * length) / size),
  }));
}
