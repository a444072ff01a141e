import { requireFormat } from '../format-error.js';
import { text } from '../graph/attributes.js';
import { commonOrder, promoted } from './elementwise.js';
import { inOrder, isSame, plain } from './layout.js';
import type { TensorBuilder } from './tensor-builder.js';
import { plainOrder, sizesOf, type Length, type Value } from './value.js';

/** A non-negative axis. */
export function axisOf(axis: number, rank: number): number {
  requireFormat(axis >= -rank && axis < Math.max(rank, 1), 'convert', `an axis must be one of ${rank}`, axis);
  return axis < 0 ? axis + rank : axis;
}

export function concat(builder: TensorBuilder, values: readonly Value[], axis: number): Value {
  const inputs = promoted(builder, values.filter(({ shape }) => !isSame(shape, [0])), 'bool'); // prettier-ignore
  if (inputs.length === 1) return inputs[0];
  const sizes = inputs.map(sizesOf);
  const { dtype, shape: first } = inputs[0];
  if (dtype === 'int32' && first.length === 1 && sizes.every((each) => each !== null)) {
    return builder.integers(sizes.flat());
  }
  const shape = [...first];
  shape[axis] = inputs.map((input) => input.shape[axis]).reduce((sum, length) => builder.plus(sum, length));
  const order = commonOrder(inputs, first.length);
  const parts = inputs.map((input) => inOrder(builder, input, order));
  const place = builder.scalar(order.indexOf(axis), 'int32');
  return builder.emit('ConcatV2', [...parts, place], { dtype, shape, order }, { N: { i: parts.length } });
}

export function split(builder: TensorBuilder, value: Value, axis: number, lengths: readonly number[]): Value[] {
  const whole = value.shape[axis];
  const sum = lengths.reduce((all, length) => all + length, 0);
  requireFormat(typeof whole === 'string' || whole === sum, 'convert', `parts must have ${whole} places together`, sum);
  if (lengths.length === 1) return [value];
  const { dtype, order } = value;
  const place = builder.scalar(order.indexOf(axis), 'int32');
  const attributes = { num_split: { i: lengths.length } };
  const [first] = lengths.map((length) => {
    const shape = value.shape.map((each, i) => (i === axis ? length : each));
    return { dtype, shape, order };
  });
  const made = builder.emit('SplitV', [value, builder.integers(lengths), place], first, attributes);
  return lengths.map((length, i) => {
    const shape = value.shape.map((each, other) => (other === axis ? length : each));
    return { node: made.node, dtype, shape, order, ...(i > 0 && { output: `${i}` }) };
  });
}

/** Part of one axis; `Infinity` and `-Infinity` are its ends, negative numbers count from its end, names of sizes do not. */
export interface AxisRange {
  readonly axis: number;
  readonly start: Length;
  readonly end: Length;
  /** Default 1. */
  readonly step?: number;
}

export function slice(builder: TensorBuilder, value: Value, ranges: readonly AxisRange[]): Value {
  const { dtype, order } = value;
  const shape = [...value.shape];
  const [begins, ends] = [0, 0].map((fill) => order.map((): Length => fill));
  const steps = order.map(() => 1);
  let [beginMask, endMask] = [2 ** order.length - 1, 2 ** order.length - 1];
  for (const { axis, start, end, step = 1 } of ranges) {
    requireFormat(step !== 0, 'convert', 'a step of a slice must not be 0', step);
    const place = order.indexOf(axis);
    const length = value.shape[axis];
    const range = rangeOf(builder, length, start, end, step);
    shape[axis] = range.count;
    steps[place] = step;
    if (range.begin !== null) [begins[place], beginMask] = [range.begin, beginMask & ~(1 << place)];
    if (range.end !== null) [ends[place], endMask] = [range.end, endMask & ~(1 << place)];
  }
  const sizes = sizesOf(value);
  if (
    sizes &&
    dtype === 'int32' &&
    shape.length === 1 &&
    typeof begins[0] === 'number' &&
    typeof shape[0] === 'number'
  ) {
    const [begin, step] = [beginMask ? (steps[0] > 0 ? 0 : sizes.length - 1) : begins[0], steps[0]];
    const first = begin < 0 ? begin + sizes.length : begin;
    return builder.integers(plainOrder(shape[0] as number).map((i) => sizes[first + i * step]));
  }
  if (isSame(shape, value.shape) && steps.every((step) => step === 1)) return value;
  const inputs = [value, builder.integers(begins), builder.integers(ends), builder.integers(steps)];
  const masks = { begin_mask: { i: beginMask }, end_mask: { i: endMask } };
  const none = { ellipsis_mask: { i: 0 }, new_axis_mask: { i: 0 }, shrink_axis_mask: { i: 0 } };
  const made = builder.emit('StridedSlice', inputs, { dtype, shape, order }, { ...masks, ...none });
  shape.forEach((length, axis) => builder.nameSize(length, made, axis));
  return made;
}

interface Range {
  /** Null for the whole of its side. */
  readonly begin: Length | null;
  readonly end: Length | null;
  readonly count: Length;
}

function rangeOf(builder: TensorBuilder, length: Length, start: Length, end: Length, step: number): Range {
  if (typeof start === 'string' || typeof end === 'string') {
    const placeOf = (place: Length) => (typeof place === 'number' && place < 0 ? builder.plus(length, place) : place);
    const [begin, stop] = [start === -Infinity ? 0 : placeOf(start), end === Infinity ? length : placeOf(end)];
    return { begin, end: stop, count: step === 1 ? builder.minus(stop, begin) : builder.unknownSize() };
  }
  if (typeof length === 'number') {
    const clamp = (place: number, low: number, high: number) => Math.min(Math.max(place < 0 ? place + length : place, low), high); // prettier-ignore
    const [begin, stop] =
      step > 0
        ? [clamp(start, 0, length), clamp(end, 0, length)]
        : [clamp(start, -1, length - 1), clamp(end, -1, length - 1)];
    const count = Math.max(0, Math.ceil((stop - begin) / step));
    return { begin: Math.max(begin, 0), end: stop < 0 ? null : stop, count };
  }
  const isWholeStart = start === 0 || start === -Infinity;
  const isWholeEnd = end >= 2 ** 31 - 1;
  if (step === 1 && isWholeEnd) {
    if (isWholeStart) return { begin: null, end: null, count: length };
    return { begin: start, end: null, count: start < 0 ? -start : builder.minus(length, start) };
  }
  if (step === 1 && start >= 0 && end < 0) return { begin: start, end, count: builder.minus(length, start - end) };
  if (step === 1 && start < 0 === end < 0) return { begin: start, end, count: end - start };
  return { begin: isWholeStart ? null : start, end: isWholeEnd ? null : end, count: builder.unknownSize() };
}

/** The elements of an axis that indices name; their axes take its place. */
export function gather(builder: TensorBuilder, value: Value, indices: Value, axis: number): Value {
  const [sizes, picked] = [sizesOf(value), indices.constant];
  const { dtype, order } = value;
  if (sizes && picked && dtype === 'int32' && value.shape.length === 1 && indices.shape.length <= 1) {
    return builder.integers(Array.from(picked, (i) => sizes[i < 0 ? i + sizes.length : i]), indices.shape as number[]); // prettier-ignore
  }
  const shape = [...value.shape.slice(0, axis), ...indices.shape, ...value.shape.slice(axis + 1)];
  const isVector = indices.shape.length === 1;
  const source = isVector ? value : plain(builder, value);
  const place = builder.scalar(source.order.indexOf(axis), 'int32');
  const inputs = [source, plain(builder, indices), place];
  return builder.emit('GatherV2', inputs, { dtype, shape, ...(isVector && { order }) }, { batch_dims: { i: 0 } });
}

/** The same of each entry of the first `batchAxes`, which value and indices both have: at least one, before `axis`. */
export function gatherOfBatches(
  builder: TensorBuilder,
  value: Value,
  indices: Value,
  axis: number,
  batchAxes: number,
): Value {
  const shape = [...value.shape.slice(0, axis), ...indices.shape.slice(batchAxes), ...value.shape.slice(axis + 1)];
  const inputs = [plain(builder, value), plain(builder, indices), builder.scalar(axis, 'int32')];
  return builder.emit('GatherV2', inputs, { dtype: value.dtype, shape }, { batch_dims: { i: batchAxes } });
}

/** Elements around the value: a constant one, or its own mirrored (`REFLECT`, or `SYMMETRIC` with those at the edge). */
export function pad(
  builder: TensorBuilder,
  value: Value,
  pads: readonly (readonly [number, number])[],
  fill: number | 'REFLECT' | 'SYMMETRIC',
): Value {
  if (pads.every(([before, behind]) => before === 0 && behind === 0)) return value;
  const { dtype, order } = value;
  const shape = value.shape.map((length, axis) => builder.plus(length, pads[axis][0] + pads[axis][1]));
  const amounts = builder.integers(order.flatMap((axis) => pads[axis]), [order.length, 2]); // prettier-ignore
  if (typeof fill === 'string') {
    return builder.emit('MirrorPad', [value, amounts], { dtype, shape, order }, { mode: text(fill) });
  }
  if (fill === 0) return builder.emit('Pad', [value, amounts], { dtype, shape, order }); // which convolutions take in
  return builder.emit('PadV2', [value, amounts, builder.scalar(fill, dtype)], { dtype, shape, order });
}
