import { requireFormat } from '../format-error.js';
import { range } from './attention.js';
import { cast, elementwise, select } from './elementwise.js';
import { unsqueeze } from './layout.js';
import { broadcastTo } from './products.js';
import type { TensorBuilder } from './tensor-builder.js';
import { plainOrder, sizesOf, writtenCount, type ElementType, type Length, type Value } from './value.js';

const mostElements = 4096; // larger ones are broadcast in a run

/** A tensor of one number. @param fill a scalar */
export function filled(builder: TensorBuilder, shape: readonly Length[], fill: Value): Value {
  const isKnown = shape.every((length) => typeof length === 'number');
  const count = isKnown ? shape.reduce((all, length) => all * length, 1) : Infinity;
  if (!fill.constant || count > mostElements) return broadcastTo(builder, fill, shape);
  const array = fill.constant.constructor as Float32ArrayConstructor;
  return builder.constant(shape as number[], new array(writtenCount(count)).fill(fill.constant[0]));
}

/** `start`, `start + step`, … below `end`: scalars. */
export function counted(builder: TensorBuilder, first: Value, last: Value, by: Value): Value {
  const [start, end, step] = [first, last, by].map((value) => sizesOf(value)?.[0]);
  if (typeof start === 'number' && typeof end === 'number' && typeof step === 'number') {
    const count = Math.max(0, Math.ceil((end - start) / step));
    const elements = Array.from({ length: writtenCount(count) }, (_, i) => start + i * step);
    const isInteger = first.dtype === 'int32';
    return isInteger ? builder.integers(elements) : builder.constant([count], Float32Array.from(elements));
  }
  const isOfSize = step === 1 && start !== undefined && end !== undefined;
  requireFormat(isOfSize, 'convert', 'a range must have steps of 1 and ends that are sizes', 'values that are computed'); // prettier-ignore
  const places = range(builder, builder.minus(end, start));
  return start === 0 ? places : elementwise(builder, 'AddV2', [places, builder.integers([start], [])]);
}

export interface OneHotOptions {
  readonly depth: number;
  readonly on: number;
  readonly off: number;
  /** Of the result; not negative. */
  readonly axis: number;
}

/**
 * One number at the index, another elsewhere; no index counts from the end. By comparisons: tfjs' OneHot writes beside its result
 * on wasm where an index is out of range.
 */
export function oneHot(
  builder: TensorBuilder,
  indices: Value,
  dtype: ElementType,
  { depth, on, off, axis }: OneHotOptions,
): Value {
  const classes = unsqueeze(builder, range(builder, depth), plainOrder(indices.shape.length - axis).map((i) => i + 1)); // prettier-ignore
  const isThere = elementwise(builder, 'Equal', [unsqueeze(builder, indices, [axis]), classes], 'bool');
  const made = dtype === 'float32' ? 'float32' : 'int32';
  return cast(builder, select(builder, isThere, builder.scalar(on, made), builder.scalar(off, made)), dtype);
}
